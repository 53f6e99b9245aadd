// Which memory several threads use, kept on the board from execution to execution: only accesses to that are steps. Called from
// hooks, on the fibers.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// Whether several threads use this granule and one of them writes; takes down that this thread uses it now.
bool note_granule(std::uint64_t granule, bool writes);
// The same for a block that this thread frees: a write to all of it that any thread has used so far.
bool note_freed_granules(std::uint64_t address, std::uint64_t bytes);

}  // namespace heddle::fibers
