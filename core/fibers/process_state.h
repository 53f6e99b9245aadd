// What the calling process of an execution on threads has in its memory, as far as the program can tell, for cycles.h. By the
// thread that moves. Never allocates.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// Over what only it has: the program's variables, its threads' frames, its own locks. thorough: over all that it can write to,
// which takes a good part of a millisecond.
std::uint64_t digest_of_own_process(bool thorough);
// Takes down what it shares with others (Cycles::shared_pages).
void note_shared_pages();

}  // namespace heddle::fibers
