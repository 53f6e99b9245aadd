// A thread of the program as the scheduler knows it. Plain data.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "core/trace/board.h"
#include "core/trace/hooked_code.h"

namespace heddle::fibers {

using trace::Operation;
using trace::OperationKind;

// What a thread has read since it last changed anything: a loop that reads the same again spins.
struct SpinWindow {
    static constexpr std::uint32_t kMost = 32;
    struct Look {
        std::uint64_t pc, object, value, stack;
        std::uint8_t bytes;
    };
    Look looks[kMost];
    std::uint32_t count;
    std::uint32_t patience;  // times it was let go on although nothing had changed
};

// What a thread saw at its last look in a spin of the C++ library (library_spins.h), if it has done nothing since
// but plain accesses.
struct LibraryLook {
    std::uint64_t object, pc, value;
    std::uint32_t depth;  // of the calls, in the spin; 0: it was none, or the spin is over
};

// What a thread does in std::lock (lock_of_several.h).
struct LockOfSeveral {
    std::uint64_t first;         // the mutex that it took first, as long as it has no other
    std::uint64_t given_back;    // the one it has let go of, or lets go of next, because it did not get the other; 0: none
    std::uint64_t wanted, with;  // what it takes next then, and what it needs besides
};

// What becomes of a wait in which a signal's handler comes (man 7 signal): it goes on, or the call fails with EINTR, unless
// the handler was set with SA_RESTART, or always.
enum class OnHandler : std::uint8_t { kGoesOn, kFailsUnlessRestarted, kFails };

// How an operation waits that the kernel may not let go on at once.
struct Wait {
    bool leads_outside = false;  // what it waits for may come from where no thread at the gate stands
    bool limited = false;        // it ends by itself: it may be chosen whatever the kernel says
    OnHandler on_handler = OnHandler::kGoesOn;
};

// What it is doing once (pthread_once), and how far its stack went when that began.
struct RunningOnce {
    pthread_once_t* once;
    std::uint64_t pc;
    std::uintptr_t user_stack;
};

struct Fiber {
    void* saved_stack;
    std::uintptr_t thread_pointer;  // of the parked thread whose local storage it uses
    std::uintptr_t stack_low, stack_high;
    bool used, alive, joined, detached;
    bool signalled;              // while it waits on a condition variable or futex
    bool timed;                  // its wait may end without a signal
    bool woke_alone;             // a wait of its did end without one: Explore lets that happen once
    bool outside;                // in a call that only the kernel knows the end of
    bool interrupted;            // by a signal whose handler is about to begin
    bool fails;                  // with EINTR: a handler came while the pending operation waited
    bool able;                   // it could go on, when its process looked last
    std::uint8_t process;        // see common.h
    std::uint32_t end_rounds;    // of the destructors at its end
    std::uint32_t cut_off;       // 1 + the step that ended it with its process
    std::uint32_t children;      // made so far
    std::uint32_t drawn;         // numbers, from std::random_device
    std::uint64_t queue_ticket;  // order of arrival in a queue
    std::uint64_t queue;         // the identity of what it stands in the queue of
    std::uint64_t woken_by;      // 1 + the step
    std::uint64_t generation;    // of the barrier it arrived at
    std::uint32_t tick;
    std::uint64_t progress;  // how often it changed something
    Operation pending;
    std::uint64_t outside_object, outside_second;  // its object and second, as other processes name them (spaces.h)
    std::uint64_t changed;                         // while it spins and could go on: what has changed, named so
    // What that is done to, and operation.second, where these are objects of synchronization (objects.h).
    std::uint64_t identity, second_identity;
    // Asks the kernel whether the pending operation would go on at once; null: that is known here.
    bool (*ask)(const void* question);
    const void* question;
    Wait wait;
    void* (*routine)(void*);
    void* argument;
    void* result;
    std::uint32_t held_locks;
    std::uint64_t last_lock;
    std::uintptr_t user_stack;  // of the program's own frames, at its last hook
    std::uint64_t stream_pc;    // where it uses a stream over a channel
    static constexpr std::uint32_t kMostOnces = 4;
    RunningOnce running_onces[kMostOnces];
    std::uint32_t running_once_count;
    LibraryLook library_look;
    LockOfSeveral lock_of_several;
    trace::AnnouncedBlocks announced;  // by the tick
    bool spinning;
    // From here on not cleared for a new thread, but for the counts.
    // The calls it is in, outermost first; deeper ones are counted only.
    static constexpr std::uint32_t kMostCalls = 256;
    std::uint64_t calls[kMostCalls];
    std::uint32_t call_depth;
    std::uint32_t skipped;  // accesses in a row that were no steps
    std::uint32_t forced;   // steps in a row that were made of one because there were too many of those
    bool inside_block;      // behind the first part of one that it reads or writes
    SpinWindow spin;
};

}  // namespace heddle::fibers
