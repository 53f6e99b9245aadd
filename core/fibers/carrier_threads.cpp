// Threads that take turns: each waits in a futex of its own until the one that moves hands over to it.
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/lab.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

std::uint64_t heddle_caller = 0;

namespace heddle::fibers {

bool g_on_threads = false;

namespace {

constexpr std::uintptr_t kMostStackBytes = std::uintptr_t{8} << 20;

struct Seat {
    alignas(64) std::atomic<std::uint32_t> turn;
    std::uint32_t end_rounds;
};
Seat g_seats[trace::kMostFibers];
pthread_key_t g_end_key;
bool g_gate_is_open = false;
bool g_somebody_moves = false;            // under the lock
std::atomic<std::uint32_t> g_lock{0};     // 0 free, 1 taken, 2 taken and waited for
thread_local std::uint32_t t_number = 0;  // of the calling thread

void wait_for_turn(std::uint32_t number) {
    std::atomic<std::uint32_t>& turn = g_seats[number].turn;
    const int saved = errno;
    while (turn.load() == 0) HEDDLE_REAL(syscall)(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    turn.store(0);
    errno = saved;
}

void give_turn(std::uint32_t number) {
    if (number == sched::kNoThread) return;
    g_current = number;
    g_seats[number].turn.store(1);
    HEDDLE_REAL(syscall)(SYS_futex, &g_seats[number].turn, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

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

std::uint32_t choose_next() {
    const GateLock lock;
    const std::uint32_t chosen = choose();
    g_somebody_moves = chosen != sched::kNoThread;
    return chosen;
}

// The destructors of a thread's own data come in rounds. The program's own, and those of its thread-local variables before
// them, are the thread's own work; in the last round but one its last step is made, and behind the last one another may go on.
void on_thread_end(void* mark) {
    const auto number = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(mark) - 1);
    if (g_gate_is_open) return;
    const std::uint32_t round = ++g_seats[number].end_rounds;
    if (round == PTHREAD_DESTRUCTOR_ITERATIONS - 1) {
        finish_fiber(nullptr, 0);
        g_exploring = false;  // nobody else moves meanwhile
    }
    if (round < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific(g_end_key, mark) == 0) return;
    g_exploring = true;
    if (!anybody_alive()) {
        note_ending(trace::Ending::kFinished, 0, 0);
        return open_gate();
    }
    give_turn(choose_next());
}

void sit_down(std::uint32_t number) {
    t_number = number;
    g_seats[number].end_rounds = 0;
    pthread_setspecific(g_end_key, reinterpret_cast<void*>(std::uintptr_t{number} + 1));
}

void* thread_main(void* argument) {
    const auto number = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(argument));
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

void take_turns() {
    const std::uint32_t me = g_current, chosen = choose_next();
    if (chosen == me) return;
    give_turn(chosen);
    wait_for_turn(me);
}

GateLock::GateLock() {
    std::uint32_t free = 0;
    if (g_lock.compare_exchange_strong(free, 1)) return;
    while (g_lock.exchange(2) != 0) HEDDLE_REAL(syscall)(SYS_futex, &g_lock, FUTEX_WAIT_PRIVATE, 2, nullptr, nullptr, 0);
}

GateLock::~GateLock() {
    if (g_lock.exchange(0) == 2) HEDDLE_REAL(syscall)(SYS_futex, &g_lock, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void go_outside(std::uint64_t pc) {
    Fiber& fiber = current();
    fiber.pending = Operation{};
    fiber.pending.kind = OperationKind::kOutside;
    fiber.pending.pc = pc;
    fiber.pending.tick = fiber.tick;  // such a call is not counted, as it is not in Explore
    fiber.outside = true;
    give_turn(choose_next());
}

void come_back(std::uint64_t pc) {
    Fiber& fiber = g_fibers[t_number];
    bool mine = false;
    {
        const GateLock lock;
        fiber.outside = false;
        fiber.pending.kind = OperationKind::kReturn;
        fiber.pending.pc = pc;
        if (!g_somebody_moves) {
            g_current = t_number;
            const std::uint32_t chosen = choose();
            g_somebody_moves = chosen != sched::kNoThread;
            mine = chosen == t_number;
            if (!mine) give_turn(chosen);
        }
    }
    if (!mine) wait_for_turn(t_number);
}

int start_thread(std::uint32_t number, pthread_t* out, const pthread_attr_t* attributes) {
    g_seats[number].turn.store(0);
    const int error =
        HEDDLE_REAL(pthread_create)(out, attributes, thread_main, reinterpret_cast<void*>(std::uintptr_t{number}));
    if (error != 0) return error;
    g_fibers[number].thread_pointer = static_cast<std::uintptr_t>(*out);
    g_board->tids[number] = tid_of(*out);
    return 0;
}

void stand_at_gate() {
    const std::uint32_t step = g_board->step_count;
    auto& times = g_board->times[step];
    times.arrived = times.released = now();
    // Where nobody can go on there is nothing to wait for: that is the end.
    if (step < g_board->pause_at || enabled_fibers() == 0) return;
    while (step >= g_board->pause_at) {
        describe_threads();
        g_board->enabled = enabled_fibers();
        answer_request();
        await_request();
    }
    follow_course();
    times.released = now();
}

void stand_for_ever() {
    describe_threads();
    g_board->enabled = 0;
    for (;;) {
        answer_request();
        await_request();
    }
}

void open_gate() {
    describe_threads();
    g_board->enabled = g_board->alive;  // nobody is held
    forget_gate();
    answer_request();
}

void forget_gate() {
    g_gate_is_open = true;
    g_exploring = false;
}

int run_on_threads(int (*entry)()) {
    if (pthread_key_create(&g_end_key, on_thread_end) != 0) return entry();
    begin_execution(0);
    reset_fiber(0, nullptr, nullptr);
    Fiber& first = g_fibers[0];
    first.thread_pointer = static_cast<std::uintptr_t>(pthread_self());
    note_stack(first, __builtin_frame_address(0));
    g_board->tids[0] = static_cast<std::int32_t>(HEDDLE_REAL(syscall)(SYS_gettid));
    sit_down(0);
    g_current = 0;
    g_exploring = true;
    choose_next();  // its first step
    return entry();
}

}  // namespace heddle::fibers
