// Where memory really is that processes share, so that all of them mean the same by it, at whatever address each has it.
// Called on the program's threads. Never allocates.
#pragma once

#include <cstdint>

namespace heddle::fibers {

inline constexpr std::uint64_t kSharedPlace = std::uint64_t{1} << 63;  // in each of them

// Of a byte that lies in a mapping of a file, or of nothing, that is shared with whoever has it, too; 0: it is the process's
// own. Asks the kernel.
std::uint64_t shared_place(std::uint64_t address);

// A mapping is new, so that what was known of an address may not hold any more.
void note_new_mapping();
std::uint32_t mappings_made();

// In a search: ends the execution, which begins, where the program has attached a System V segment by then.
void refuse_attached_segments();

}  // namespace heddle::fibers
