// What carries the program's threads. In Explore they are fibers of one kernel thread, which costs little and lets memory be
// brought back; in Step each is the kernel thread that the program made, and all but one stand at the gate, in a futex of their
// own. The same scheduler, the same operations, so that a schedule means the same for both.
#pragma once

#include <pthread.h>

#include <cstdint>

namespace heddle::fibers {

extern bool g_on_threads;  // set once, before main

// Fibers.
bool prepare_fiber(std::uint32_t number);  // false: no memory for its stack
void switch_fibers(std::uint32_t chosen);
[[noreturn]] void leave_fiber();   // after its last step
[[noreturn]] void leave_fibers();  // the execution is over
// One whole execution, from a fresh first fiber that runs `entry`; called by the lab.
void run_on_fibers(void (*entry)());

// Threads.
void pass_turn(std::uint32_t chosen);
[[noreturn]] void stand_for_ever();
// The one execution, on the calling thread as the first; returns what main returns.
int run_on_threads(int (*entry)());
// Makes the kernel thread of an added fiber, which waits for its turn. An error number.
int start_thread(std::uint32_t number, pthread_t* out, const pthread_attr_t* attributes);
// Behind a thread's last step: it ends by itself, and its turn with it.
void end_turn();
// Before a step: where the request ends, tells Heddle and waits for the next one.
void stand_at_gate();
// The process ends, as noted, or is a copy that nobody holds: from here on all passes through to libc.
void open_gate();
void forget_gate();

// The running thread stands still and `chosen` goes on; returns when this one is chosen again.
inline void hand_over(std::uint32_t chosen) {
    if (g_on_threads) {
        pass_turn(chosen);
    } else {
        switch_fibers(chosen);
    }
}

}  // namespace heddle::fibers
