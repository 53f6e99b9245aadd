// What an address means outside its process, where the processes of an explored program have the same addresses: what fork
// copies is each one's own; what is mapped as shared is the same for all that have it, a file's wherever each has it. The same
// in every execution. Called on the program's threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/fibers/fiber.h"
#include "core/fibers/memory.h"

namespace heddle::fibers {

// With the space that it lies in (trace::spaces); the address itself where there is one process only.
std::uint64_t outside_name(std::uint64_t address);
// Of what the fiber announces.
void note_outside_names(Fiber& fiber, const Operation& operation);
// What the calling process shares with others, where it has that.
std::uint32_t shared_spans();
AddressSpan shared_span(std::uint32_t number);
// The program has mapped this, or given it back (shared: false). file: a descriptor, of which it is the part at `offset`; -1:
// of nothing that has a name. pc: where it called; the hook was passed.
void note_mapping(const void* at, std::size_t bytes, bool shared, std::uint64_t pc, int file = -1, std::uint64_t offset = 0);
// The same by the file's name.
void note_mapping_of(const void* at, std::size_t bytes, const char* name, std::uint64_t pc);
// Of System V shared memory: a new segment, of this execution alone, and one that is mapped from here on.
void note_segment(int id);
void note_attached(const void* at, int segment, std::uint64_t pc);

}  // namespace heddle::fibers
