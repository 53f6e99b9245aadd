// Where the C++ library itself looks several times before it goes to sleep: libstdc++'s std::__detail::__atomic_spin, behind
// std::atomic::wait, std::barrier, std::latch and std::counting_semaphore. Looks in a row that find the same count for one
// there. A thread that saw a change at its n-th look might as well have come to its first one after that change, and nothing
// tells how often it looked. In any other loop that may be told: there each look is a step. Called from hooks, and once before
// main.
#pragma once

#include "core/fibers/scheduler.h"

namespace heddle::fibers {

// What the thread's look before this one returned, when this one is to return the same; null: it is a look of its own.
const std::uint64_t* look_again(std::uint64_t object, std::uint64_t pc);
// After a look of its own.
void note_look(std::uint64_t object, std::uint64_t pc, std::uint64_t value);

}  // namespace heddle::fibers
