// The scheduler: of the program's threads exactly one moves from one operation to the next. Every operation is announced before
// it is done (perform), and done only once it is chosen. The threads are fibers of one kernel thread, or kernel threads of
// their own that take turns (carrier.h); the scheduler makes no difference between them. Called from hooks and interposed
// functions on the program's threads, and from the lab between executions. Never allocates; not thread-safe, and need not be.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "core/fibers/common.h"
#include "core/fibers/real.h"
#include "core/trace/ending_text.h"

namespace heddle::fibers {

namespace ending_text = trace::ending_text;

extern trace::Board* g_board;
extern bool g_on_threads, g_searching;  // see carrier.h
extern bool g_exploring;                // false before main and while the lab works: everything passes through to libc
extern std::uint32_t g_unjoined;        // threads of the process, but for its first, that are alive or not joined yet

std::uintptr_t above_return_address(std::uintptr_t from, std::uint64_t address);
std::uint32_t this_thread();  // on threads
inline Fiber& current() {
    return g_fibers[g_on_threads ? this_thread() : g_current];
}

// The number of what the fiber does next. Counted whether or not it is a step, and time passes by it: a schedule, and a program
// that looks at the clock, come to the same whatever is a step.
inline std::uint32_t next_tick(Fiber& fiber) {
    g_logical_ns += 1000;
    return ++fiber.tick;
}

// Of those that the fiber is doing, by its stack: one that an exception left is the next thread's to do (locks.cpp).
void release_left_once(Fiber& fiber);

// frame: of the hook function, above which the program's own frames lie. Where the runtime stands in between, they begin at the
// return address that it gave (heddle_caller).
inline void pass_hook(const void* frame) {
    const auto own = reinterpret_cast<std::uintptr_t>(frame) + 16;
    Fiber& fiber = current();
    fiber.user_stack = heddle_caller == 0 ? own : above_return_address(own, heddle_caller);
    if (fiber.running_once_count != 0) release_left_once(fiber);
}
#define HEDDLE_PASS_HOOK() ::heddle::fibers::pass_hook(__builtin_frame_address(0))

// Announces the operation, waits until it is chosen, and writes it down. On return the caller does it.
// Returns in which of its ways it is to come out (kSignal: which waiter; an atomic load: so many stores before the latest).
std::uint32_t perform(const Operation& operation);
// The same for an operation that the kernel would let wait as long as `question` says no.
template <typename Question>
std::uint32_t perform_when(const Operation& operation, const Wait& wait, const Question& question) {
    Fiber& fiber = current();
    fiber.ask = [](const void* asked) { return (*static_cast<const Question*>(asked))(); };
    fiber.question = &question;
    fiber.wait = wait;
    const std::uint32_t choice = perform(operation);
    fiber.ask = nullptr;
    fiber.wait = {};
    return choice;
}
// Whether the operation that was performed comes to nothing, as a handler came while it waited: sets errno, and says so in the
// step.
bool fails_with_eintr();
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
// On fibers: the search is to go on with kernel threads.
void need_threads(const char* call, std::uint64_t pc);
// Nobody but the running thread can tell what it does.
inline bool is_alone() {
    return g_unjoined == 0 && g_common.process_count <= 1;
}

// Everything as before the first step; but for so many fibers, where it goes on from a checkpoint.
void begin_execution(std::uint32_t fibers);
// What the board asks to follow is new.
void follow_course();
// What the fiber is about to do, as those outside its process see it.
Operation announced_by(const Fiber& fiber);
// Who does the next step, and writes that step down. sched::kNoThread: nobody can before something comes from outside;
// kHandlerFirst (turns.h), where it handles_signals: the calling thread is to handle one first.
std::uint32_t choose(bool handles_signals = false);
// Where the functions that the fiber is in were called from.
void write_callers(const Fiber& fiber, trace::Callers& out);
// Writes down who is alive, and what each is about to do.
void describe_threads();

// The number of the next thread that the running one makes.
std::uint32_t next_number();
// A new fiber, not started; its number.
std::uint32_t add_fiber(void* (*routine)(void*), void* argument);
void reset_fiber(std::uint32_t number, void* (*routine)(void*), void* argument);
std::uint32_t fiber_of(pthread_t thread);  // kMostFibers: none
// The thread's last step. Its carrier says who goes on.
void finish_fiber(void* result, std::uint64_t pc);
bool anybody_alive();  // in this process

// enabled.cpp
bool is_enabled(const Fiber& fiber);
bool awaits_signal(const Fiber& fiber);  // it is to lock a mutex again behind a wait that nobody has signalled yet
bool would_wait(const Fiber& fiber);     // of the calling thread: the call that it is about to make, or stands in
void look(Fiber& fiber);                 // of the calling process: whether it could go on, and what lets it
// It is not, and what would let it go on may come from where nobody at the gate stands.
bool may_change_from_outside(const Fiber& fiber);
std::uint64_t enabled_fibers();

}  // namespace heddle::fibers
