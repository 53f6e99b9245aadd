// Threads that take turns: how they begin, stand at the gate, and end.
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "core/fibers/carrier.h"
#include "core/fibers/channels.h"
#include "core/fibers/gate_lock.h"
#include "core/fibers/interruptions.h"
#include "core/fibers/kept_files.h"
#include "core/fibers/lab.h"
#include "core/fibers/lock_of_several.h"
#include "core/fibers/memory.h"
#include "core/fibers/named_objects.h"
#include "core/fibers/objects.h"
#include "core/fibers/processes.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/turns.h"

std::uint64_t heddle_caller = 0;

namespace heddle::fibers {

bool g_on_threads = false, g_searching = true;

namespace {

constexpr Nanoseconds kLookAgainEvery = std::chrono::milliseconds(20);
constexpr std::uintptr_t kMostStackBytes = std::uintptr_t{8} << 20;

pthread_key_t g_end_key;

std::int64_t now() {
    timespec time{};
    HEDDLE_REAL(clock_gettime)(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// The stack as far as spinning and the program's own variables go.
void note_stack(Fiber& fiber, const void* frame) {
    fiber.stack_high = fiber.user_stack = reinterpret_cast<std::uintptr_t>(frame);
    fiber.stack_low = fiber.stack_high - kMostStackBytes;
}

// Where a thread is not at the gate yet, or not any more, a handler would have no turn.
void block_signals(sigset_t* before) {
    sigset_t all;
    sigfillset(&all);
    HEDDLE_REAL(pthread_sigmask)(SIG_SETMASK, &all, before);
}
sigset_t g_masks[trace::kMostFibers];  // that new threads are to have

// The destructors of a thread's own data come in rounds. The program's own, and those of its thread-local variables before
// them, are the thread's own work; in the last round but one its last step is made, and behind the last one another may go on.
void on_thread_end(void* mark) {
    const auto number = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(mark) - 1);
    if (g_gate_is_open) return;
    const std::uint32_t round = ++g_fibers[number].end_rounds;
    if (round == PTHREAD_DESTRUCTOR_ITERATIONS - 1) {
        finish_fiber(nullptr, 0);
        block_signals(nullptr);
        g_exploring = false;  // nobody else moves meanwhile
    }
    if (round < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific(g_end_key, mark) == 0) return;
    g_exploring = true;
    if (!anybody_alive()) return leave_gate(trace::Ending::kFinished, 0, 0);
    give_turn(choose_next());
}

void sit_down(std::uint32_t number) {
    set_this_thread(number);
    g_fibers[number].end_rounds = 0;
    pthread_setspecific(g_end_key, reinterpret_cast<void*>(std::uintptr_t{number} + 1));
}

void* thread_main(void* argument) {
    const auto number = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(argument));
    set_this_thread(number);
    set_interruptible(Interruptible::kWaits);
    HEDDLE_REAL(pthread_sigmask)(SIG_SETMASK, &g_masks[number], nullptr);
    wait_for_turn(number);
    sit_down(number);
    Fiber& fiber = g_fibers[number];
    note_stack(fiber, __builtin_frame_address(0));
    return fiber.routine(fiber.argument);
}

// The kernel's id of a thread that has not ended, as libc knows it (man 3 pthread_getcpuclockid, clock ids of the kernel ABI).
std::int32_t tid_of(pthread_t thread) {
    clockid_t clock = 0;
    return pthread_getcpuclockid(thread, &clock) == 0 ? ~(clock >> 3) : 0;
}

}  // namespace

std::uintptr_t above_return_address(std::uintptr_t from, std::uint64_t address) {
    constexpr std::uintptr_t kMostWords = 256;
    for (std::uintptr_t at = from; at < from + kMostWords * 8 && at < current().stack_high; at += 8) {
        if (*reinterpret_cast<const std::uint64_t*>(at) == address) return at + 8;
    }
    return from;
}

int start_thread(std::uint32_t number, pthread_t* out, const pthread_attr_t* attributes) {
    g_board->turns[number].store(0);
    block_signals(&g_masks[number]);
    const int error =
        HEDDLE_REAL(pthread_create)(out, attributes, thread_main, reinterpret_cast<void*>(std::uintptr_t{number}));
    HEDDLE_REAL(pthread_sigmask)(SIG_SETMASK, &g_masks[number], nullptr);
    if (error != 0) return error;
    g_fibers[number].thread_pointer = static_cast<std::uintptr_t>(*out);
    g_board->tids[number] = tid_of(*out);
    g_board->pids[number] = g_common.processes[g_process].pid;
    return 0;
}

namespace {

// What was asked for last is not done yet.
bool is_asked() {
    return g_board->asked.load() != g_board->answered.load();
}

// Where it has not come to the next step yet.
bool goes_on(std::uint32_t step) {
    if (!is_asked()) return false;
    if (g_common.followed != g_board->asked.load()) follow_course();
    return step < g_board->pause_at;
}

// Until more is asked for. False: something else is to be done first.
bool await_more(bool handles_signals) {
    while (!await_request(kLookAgainEvery)) {
        if (handles_signals && has_deferred_signals()) return false;
        // What another process does may let somebody go on meanwhile, it may be killed, and somebody may come back from a call
        // or begin with a signal's handler.
        const bool fewer = bury_ended_processes(), others = let_others_in();
        if (fewer || others) describe_threads();
        g_board->enabled = enabled_fibers();
        if (fewer && g_board->enabled == 0) return false;
    }
    return true;
}

}  // namespace

bool stand_at_gate(bool handles_signals) {
    const std::uint32_t step = g_board->step_count;
    auto& times = g_board->times[step];
    times.released = now();
    // Again, before the same step: they have stood here since it came first.
    if (std::exchange(g_common.stood_before, step + 1) != step + 1) times.arrived = times.released;
    if (gives_back() != trace::kMostFibers) return true;  // at once
    // Where nobody can go on there is nothing to wait for: that is the end.
    while (!goes_on(step) && enabled_fibers() != 0) {
        describe_threads();
        g_board->enabled = enabled_fibers();
        answer_request();
        if (!await_more(handles_signals)) return !(handles_signals && has_deferred_signals());
        times.released = now();
    }
    return true;
}

void stand_still() {
    const std::uint32_t unchanged = 0;
    for (;;) HEDDLE_REAL(syscall)(SYS_futex, &unchanged, FUTEX_WAIT, 0, nullptr, nullptr, 0);
}

namespace {

// The execution of a search is over. The processes stand still as they are, to be looked at, until they are ended.
[[noreturn]] void end_search_execution() {
    describe_threads();
    g_board->digest = g_process == 0 ? digest_of_variables() : g_common.digest;
    remove_named_objects();
    bring_back_files();
    answer_request();
    stand_still();
}

// In a search the first process leaves its memory to be looked at. Whoever waits for what it has open is told.
[[noreturn]] void first_process_leaves() {
    g_common.digest = digest_of_variables();
    take_own_threads_away(false);
    forget_gate();
    close_made_channels();
    pass_turn_on();
    stand_still();
}

}  // namespace

void stand_for_ever() {
    if (g_searching) end_search_execution();
    describe_threads();
    g_board->enabled = 0;
    for (;;) {
        answer_request();
        await_request();
    }
}

void stand_as_child(std::uint32_t number) {
    sit_down(number);
    g_board->tids[number] = g_board->pids[number] = g_common.processes[g_process].pid;
    wait_for_turn(number);
}

void leave_gate(trace::Ending ending, std::int64_t value, std::uint64_t pc, const char* text) {
    if (g_process == 0) g_common.exit_code = value;
    if (anybody_else_at_gate()) {
        if (g_searching && g_process == 0) first_process_leaves();
        take_own_threads_away(true);
        forget_gate();
        return pass_turn_on();
    }
    note_ending(ending, g_searching ? g_common.exit_code : value, pc, text);
    if (g_searching) end_search_execution();
    describe_threads();
    g_board->enabled = g_board->alive;  // nobody is held
    forget_gate();
    answer_request();
}

void forget_gate() {
    g_gate_is_open = true;
    g_exploring = false;
}

void tell_libc_of_threads() {
    __libc_single_threaded = 0;
}

int run_on_threads(int (*entry)()) {
    if (pthread_key_create(&g_end_key, on_thread_end) != 0) return entry();
    begin_execution(0);
    forget_shared_objects();
    reset_fiber(0, nullptr, nullptr);
    Fiber& first = g_fibers[0];
    first.thread_pointer = static_cast<std::uintptr_t>(pthread_self());
    note_stack(first, __builtin_frame_address(0));
    note_first_process();
    g_board->tids[0] = g_board->pids[0] = g_common.processes[0].pid;
    sit_down(0);
    g_current = 0;
    tell_libc_of_threads();
    g_exploring = true;
    choose_next();  // its first step
    const int code = entry();
    asm volatile("");  // so that this frame, in which note_stack saw the stack begin, is there until then
    return code;
}

}  // namespace heddle::fibers
