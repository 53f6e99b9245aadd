// The wait-for graph at one instant, and the circles in it: who waits for whom (Coffman, Elphick and Shoshani, 1971). The
// caller says what each waiting thread waits for and who would have to let go; it knows that from the state of the world, this
// knows only graphs. A wait with several holders needs all of them (a writer and the readers before it; a barrier and those
// that have not come). What nobody holds (a semaphore, a condition variable, an empty pipe) ends no chain in a circle: such a
// wait may last for ever too, but not because of one. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/trace/event.h"

namespace heddle::race {

enum class WaitedFor : std::uint8_t {
    kMutex,
    kReadWriteLock,
    kSpinLock,  // holders: who locked it (every reader)
    kThread,    // a join; object: pthread_t; holder: the thread itself
    kProcess,   // a wait; object: pid; holders: the threads of that process
    kBarrier,   // holders: those that have yet to arrive, where known
    kSemaphore,
    kCondition,
    kMessage,
    kOther,  // holders: none
};

struct Wait {
    trace::ThreadIndex waiter;
    WaitedFor kind = WaitedFor::kOther;
    std::uint64_t object = 0;
    std::vector<trace::ThreadIndex> holders;
};

// "thread holds `holds` and waits for `wants`", which the next step's thread holds.
struct WaitStep {
    trace::ThreadIndex thread;
    WaitedFor held_kind = WaitedFor::kOther;  // what the step before waits for; kThread: for this thread's end
    std::uint64_t held = 0;
    WaitedFor wanted_kind = WaitedFor::kOther;
    std::uint64_t wanted = 0;
};
struct WaitCycle {
    std::vector<WaitStep> steps;  // one: the thread waits for what it holds itself
};

// A shortest circle through each thread that is in one; a thread that an earlier circle names gets none of its own. Ascending
// by the lowest thread of each, which is its first step.
std::vector<WaitCycle> find_wait_cycles(std::span<const Wait> waits);

}  // namespace heddle::race
