// What carries the program's threads. In Explore they are fibers of one kernel thread, which costs little and lets memory be
// brought back; in Step, and in Explore where a program needs what fibers cannot give it (copies.h), each is the kernel thread
// that the program made, and all but one stand at the gate, in a futex of their own. The same scheduler, the same operations,
// so that a schedule means the same for both.
#pragma once

#include <errno.h>
#include <pthread.h>

#include <cstdint>
#include <type_traits>

#include "core/trace/board.h"

namespace heddle::fibers {

// Set once, before main.
extern bool g_on_threads;
extern bool g_searching;  // not in Step: nothing is a step that no other thread can tell, and nothing is left to the kernel

// Fibers.
bool prepare_fiber(std::uint32_t number);  // false: no memory for its stack
void switch_fibers(std::uint32_t chosen);
[[noreturn]] void end_fiber(void* result, std::uint64_t pc);  // with its last step
[[noreturn]] void leave_fibers();                             // the execution is over
// One whole execution, from a fresh first fiber that runs `entry`, or, without one, from the checkpoint that was resumed;
// called by the lab.
void run_on_fibers(void (*entry)());
// Has a checkpoint kept. Returns again whenever that one is resumed.
void stand_at_checkpoint();

// Threads.
// Announces what the calling thread is about to do, and chooses who goes on; returns when that is the calling thread.
void take_turns(const trace::Operation& operation);
[[noreturn]] void stand_for_ever();
// The one execution, on the calling thread as the first; returns what main returns.
int run_on_threads(int (*entry)());
// libc is to take each process for one with threads from its first step on, as it does where fibers have been prepared: by what
// it takes it for, the C++ library counts references by plain accesses or by atomic ones, and calls pthread_once or not.
void tell_libc_of_threads();
// Makes the kernel thread of an added fiber, which waits for its turn. An error number.
int start_thread(std::uint32_t number, pthread_t* out, const pthread_attr_t* attributes);
// Before a step: where the request ends, tells Heddle and waits for the next one.
// False: a signal waits for the calling thread, which is to be handled first, where it may be.
bool stand_at_gate(bool handles_signals);
// The running thread goes into a call that may keep it for long, and comes back from it.
void go_outside(std::uint64_t pc);
void come_back(std::uint64_t pc, bool interrupted);  // by a handler, so that the call fails
template <typename Call>
auto outside(std::uint64_t pc, Call call) {
    go_outside(pc);
    const auto result = call();
    const int error = errno;
    bool failed = false;
    if constexpr (std::is_pointer_v<decltype(call())>) {
        failed = result == nullptr;
    } else {
        failed = result == decltype(result){-1};
    }
    come_back(pc, failed && error == EINTR);
    errno = error;
    return result;
}
// The scheduler's state belongs to one thread at a time, also where another one comes back from outside.
class GateLock {
public:
    GateLock();
    ~GateLock();
    GateLock(const GateLock&) = delete;
    GateLock& operator=(const GateLock&) = delete;
};
// Asks a thread of another process whether it could go on (Fiber::able); it waits for its turn.
void ask_thread(std::uint32_t number);
// The threads that the calling one has the turn before are gone from the gate, as it is: one of another process is to choose.
void pass_turn_on();
// In the child of a fork, whose thread this one is: waits for its first turn.
void stand_as_child(std::uint32_t number);
// The process ends; with the last one at the gate the run ends in this way. From here on all passes through to libc.
void leave_gate(trace::Ending ending, std::int64_t value, std::uint64_t pc, const char* text = "");
void forget_gate();
[[noreturn]] void stand_still();  // in the kernel, until the process is ended

}  // namespace heddle::fibers
