// Older values: where the memory model lets an atomic load return a store that is not the latest (core/explore/memory_model.h),
// which one it returns is a choice of its step. Costs nothing before the program has used an order weaker than seq_cst. Called
// by the scheduler, between two steps.
#pragma once

#include "core/fibers/scheduler.h"

namespace heddle::fibers {

// In a program of several processes every load returns the latest store.
void leave_older_values();

void begin_older_values();  // of an execution
// Whether there may be any: the execution then has more state than its memory.
bool knows_older_values();
// True once after a first weaker order, or another thread, was met: what the execution did before that is not known, it is to
// be carried out again.
bool must_carry_out_again();

// The last step on the board was done.
void after_step();
// The fiber's pending operation is the next step.
void before_step(Operation& operation);
// In how many ways the load that is pending can come out.
std::uint32_t choices_of_load(const Fiber& fiber);
// How it comes out; the value it returns then.
void note_choice(Fiber& fiber, std::uint32_t choice);
std::uint64_t older_value();

}  // namespace heddle::fibers
