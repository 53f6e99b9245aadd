// Whose memory an address lies in, where the processes of an explored program have the same addresses: what fork copies is
// each one's own, what is mapped as shared is the same for all that have it. Called on the program's threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/fibers/fiber.h"

namespace heddle::fibers {

std::uint64_t space_of(std::uint64_t address);  // trace::spaces; 0 where there is one process only
// Of what the fiber announces.
void note_spaces(Fiber& fiber, const Operation& operation);
// The program has mapped this, or given it back (shared: false).
void note_mapping(const void* at, std::size_t bytes, bool shared);

}  // namespace heddle::fibers
