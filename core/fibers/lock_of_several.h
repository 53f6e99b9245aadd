// std::lock takes one mutex and tries the others; where one is not free it lets go of those it has and begins again with that
// one. Two threads that do so at once may go on like that without end, and each round would be an execution of its own, though
// none does anything. So a thread that does not get the second of two lets go of the first in the same step, and begins again
// only once both are free. What could come of a round that fails comes of one that begins later, too. At the gate, where each
// call is seen, nobody else moves until the thread has let go. Called from the interposed functions, by the thread that moves.
#pragma once

#include "core/fibers/synchronization.h"

namespace heddle::fibers {

// Says of a lock or try that it is part of such a call, and returns the mutex that goes back where it fails, or 0.
std::uint64_t announce_part(Operation& operation);
// What came of it.
void note_taken(const Operation& operation);
void give_back(std::uint64_t mutex, const Operation& failed);
// The call by which the library lets go of what it gave back: no step of its own, but at the gate.
bool was_given_back(std::uint64_t mutex);
void note_released(std::uint64_t mutex);
// The thread that nobody may come before; kMostFibers: none.
std::uint32_t gives_back();

}  // namespace heddle::fibers
