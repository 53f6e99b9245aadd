// The scheduler: of the program's threads exactly one moves from one operation to the next. Every operation is announced before
// it is done (perform), and done only once it is chosen. The threads are fibers of one kernel thread, or kernel threads of
// their own that take turns (carrier.h); the scheduler makes no difference between them. Called from hooks and interposed
// functions on the program's threads, and from the lab between executions. Never allocates; not thread-safe, and need not be.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "core/fibers/real.h"
#include "core/sched/policy.h"
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

struct Fiber {
    void* saved_stack;
    std::uintptr_t thread_pointer;  // of the parked thread whose local storage it uses
    std::uintptr_t stack_low, stack_high;
    bool used, alive, joined, detached;
    bool signalled;              // while it waits on a condition variable or futex
    bool timed;                  // its wait may end without a signal
    bool outside;                // in a call that only the kernel knows the end of
    std::uint32_t children;      // made so far
    std::uint64_t queue_ticket;  // order of arrival in a queue
    std::uint64_t generation;    // of the barrier it arrived at
    std::uint32_t tick;
    std::uint64_t progress;  // how often it changed something
    Operation pending;
    void* (*routine)(void*);
    void* argument;
    void* result;
    std::uint32_t held_locks;
    std::uint64_t last_lock;
    std::uintptr_t user_stack;  // of the program's own frames, at its last hook
    LibraryLook library_look;
    trace::AnnouncedBlocks announced;  // by the tick
    bool spinning;
    // From here on not cleared for a new thread, but for the counts.
    // The calls it is in, outermost first; deeper ones are counted only.
    static constexpr std::uint32_t kMostCalls = 256;
    std::uint64_t calls[kMostCalls];
    std::uint32_t call_depth;
    std::uint32_t skipped;  // accesses in a row that were no steps
    std::uint32_t forced;   // steps in a row that were made of one because there were too many of those
    SpinWindow spin;
};

extern trace::Board* g_board;
extern Fiber g_fibers[trace::kMostFibers];
extern std::uint32_t g_current;     // the fiber that runs
extern bool g_exploring;            // false before main and while the lab works: everything passes through to libc
extern std::uint32_t g_unjoined;    // threads, but for the first, that are alive or not joined yet
extern std::uint64_t g_logical_ns;  // the clock the program sees

std::uintptr_t above_return_address(std::uintptr_t from, std::uint64_t address);
inline Fiber& current() {
    return g_fibers[g_current];
}

// frame: of the hook function, above which the program's own frames lie. Where the runtime stands in between, they begin at the
// return address that it gave (heddle_caller).
inline void pass_hook(const void* frame) {
    const auto own = reinterpret_cast<std::uintptr_t>(frame) + 16;
    current().user_stack = heddle_caller == 0 ? own : above_return_address(own, heddle_caller);
}
#define HEDDLE_PASS_HOOK() ::heddle::fibers::pass_hook(__builtin_frame_address(0))

// Announces the operation, waits until it is chosen, and writes it down. On return the caller does it.
// Returns in which of its ways it is to come out (kSignal: which waiter; an atomic load: so many stores before the latest).
std::uint32_t perform(const Operation& operation);
// Around an operation that changes nothing unless it gets something (a read, a try): before it is announced, and after it was
// done with what it saw. A thread that looks at the same again, in the same place with the same locals and without having
// changed anything, waits until something it looked at changes. A look at a lock has no bytes.
void before_look(const Operation& operation);
void after_look(const Operation& operation, std::uint64_t value);
// The thread changed something that others can see: what it does next is not spinning.
inline void made_progress() {
    Fiber& fiber = current();
    fiber.spin.count = fiber.spin.patience = 0;
    ++fiber.progress;
}
// The step just written down, to add what its outcome was.
trace::Step& last_step();
// Says on the board how the execution ended.
void note_ending(trace::Ending ending, std::int64_t value, std::uint64_t pc, const char* text = "");
// The same, and ends it; does not return.
[[noreturn]] void end_execution(trace::Ending ending, std::int64_t value, std::uint64_t pc, const char* text = "");
[[noreturn]] void unsupported(const char* call, std::uint64_t pc);

// Everything as before the first step; but for so many fibers, where it goes on from a checkpoint.
void begin_execution(std::uint32_t fibers);
// What the board asks to follow is new.
void follow_course();
// Who does the next step, and writes that step down. sched::kNoThread: only those outside can go on.
std::uint32_t choose();
std::uint64_t enabled_fibers();
// Where the functions that the fiber is in were called from.
void write_callers(const Fiber& fiber, trace::Callers& out);
// Writes down who is alive, and what each is about to do.
void describe_threads();

// A new fiber, not started; its number.
std::uint32_t add_fiber(void* (*routine)(void*), void* argument);
void reset_fiber(std::uint32_t number, void* (*routine)(void*), void* argument);
std::uint32_t fiber_of(pthread_t thread);  // kMostFibers: none
// The thread's last step. Its carrier says who goes on.
void finish_fiber(void* result, std::uint64_t pc);
bool anybody_alive();

bool is_enabled(const Fiber& fiber);

}  // namespace heddle::fibers
