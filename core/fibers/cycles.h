// Recognizing a livelock: the whole state of the program comes back after everybody who could move has moved, so that it can go
// round for ever. Used by the scheduler on fibers, before each step. Never allocates.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// Once per execution.
void begin_cycles();
// Bytes went through a channel: the state is another one, though memory may be the same.
void note_transfer();

// Where the threads take turns, from step fair_from on: ends the execution as a livelock when its state is one that came
// before.
void look_for_a_cycle(std::uint32_t step, std::uint32_t fair_from, std::uint64_t enabled);

// For the shortest schedule of a livelock that is known. The state before each step is taken down; the execution ends as a
// livelock as soon as one comes back with nobody left out, and as redundant where threads go round without the others.
// On a replay that is asked only where the schedule ends.
void note_state(std::uint32_t step);
void look_for_first_cycle(std::uint32_t step, std::uint64_t enabled);

}  // namespace heddle::fibers
