// Recognizing a livelock: the whole state of the program comes back after everybody who could move has moved, so that it can go
// round for ever. Used by the scheduler in a search, before each step. Never allocates.
//
// On threads nobody can look into all processes, so that each takes its own state down when it has made a step, and what it
// shares, page by page: whoever changes a page has it. What only the kernel knows is left to note_transfer.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// Once per execution.
void begin_cycles();
// Bytes went through a channel or from a file, or the time was asked for: the state is another one, though memory may be the
// same.
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
