// POSIX shared memory and semaphores by their names, in a search of real runs: what an execution makes is gone behind it, so
// that the next one begins without it, too; what was there before the search is left alone, and refused. Called on the
// program's threads, and by the process that stands before main.
#pragma once

#include <cstdint>

namespace heddle::fibers {

enum class Named : std::uint8_t { kMemory, kSemaphore };

// Before the first execution. False: no memory.
bool prepare_named_objects();
// The program is about to open one. makes: it need not be there.
void note_named_object(Named kind, const char* name, bool makes, std::uint64_t pc);
// Behind an execution.
void remove_named_objects();

}  // namespace heddle::fibers
