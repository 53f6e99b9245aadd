#include "core/fibers/turns.h"

#include <utility>

#include "core/fibers/gate_lock.h"
#include "core/fibers/interruptions.h"
#include "core/fibers/processes.h"

namespace heddle::fibers {

bool g_gate_is_open = false;

namespace {

using trace::Turn;

constexpr auto& g_somebody_moves = g_common.somebody_moves;
thread_local std::uint32_t t_number = 0;  // of the calling thread

// What a thread that waits for its turn is to do.
std::atomic<std::uint32_t>& turn_of(std::uint32_t number) {
    return g_board->turns[number];
}
void tell(std::uint32_t number, Turn what) {
    turn_of(number).store(static_cast<std::uint32_t>(what));
    kernel_wake(turn_of(number));
}

}  // namespace

void give_turn(std::uint32_t number) {
    if (number == sched::kNoThread) return;
    g_current = number;
    tell(number, Turn::kGo);
}

void leave_turn(Fiber& fiber, std::uint64_t pc) {
    fiber.outside = true;
    fiber.able = false;
    fiber.pending = Operation{};
    fiber.pending.kind = OperationKind::kOutside;
    fiber.pending.pc = pc;
    fiber.pending.tick = fiber.tick;  // such a call is not counted, as it is not in Explore
}

bool has_been_told_to_go(std::uint32_t number) {
    return Turn(turn_of(number).load()) == Turn::kGo;
}

bool anybody_moves() {
    return g_somebody_moves;
}

namespace {

std::uint32_t choose_under_lock(bool handles_signals) {
    g_common.choosing = true;
    const std::uint32_t chosen = choose(handles_signals);
    g_common.choosing = false;
    g_somebody_moves = chosen != sched::kNoThread;
    // Who lets a handler come has the turn meanwhile.
    if (chosen == kHandlerFirst) g_current = t_number;
    const std::uint32_t mover = chosen == kHandlerFirst ? t_number : chosen;
    g_board->mover.store(g_somebody_moves ? mover : trace::kMostFibers);
    return chosen;
}

}  // namespace

std::uint32_t choose_locked() {
    return choose_under_lock(true);
}

std::uint32_t handle_first(std::uint32_t chosen) {
    while (chosen == kHandlerFirst) {
        set_interruptible(Interruptible::kStands);
        handle_deferred_signals();
        set_interruptible(Interruptible::kNo);
        const GateLock lock;
        chosen = choose_locked();
    }
    return chosen;
}

std::uint32_t let_another_choose() {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        auto waits = static_cast<std::uint32_t>(Turn::kWait);
        if (i == t_number || !fiber.alive || fiber.outside || fiber.interrupted) continue;
        if (!is_mine(fiber) && has_ended(g_common.processes[fiber.process].pid)) continue;
        if (!turn_of(i).compare_exchange_strong(waits, static_cast<std::uint32_t>(Turn::kTakeOver))) continue;
        g_somebody_moves = false;
        g_board->mover.store(trace::kMostFibers);
        kernel_wake(turn_of(i));
        return sched::kNoThread;
    }
    return choose_under_lock(false);
}

namespace {

// Where nobody moves: somebody does, if this one can go on by now.
void look_again(std::uint32_t number) {
    if (g_gate_is_open || !try_lock_gate()) return;
    const bool goes_on = !g_somebody_moves && is_enabled(g_fibers[number]);
    const std::uint32_t chosen = goes_on ? choose_locked() : sched::kNoThread;
    unlock_gate();
    give_turn(handle_first(chosen));
}

// Where the one that has the turn is gone, with its whole process, or given up.
void take_over() {
    if (g_gate_is_open) return;
    const timespec pause{0, 50'000};
    while (!try_lock_gate()) {
        if (g_common.choosing) return;  // so there is somebody who does
        HEDDLE_REAL(nanosleep)(&pause, nullptr);
    }
    // Whoever was chosen last, whether or not it was told: the one that chose may be gone, too.
    const std::uint32_t mover = g_board->mover.load() % trace::kMostFibers;
    const Process& process = g_common.processes[g_fibers[mover].process];
    const bool given_up = g_somebody_moves && g_board->given_up.exchange(0) == mover + 1;
    if (given_up) leave_turn(g_fibers[mover], g_fibers[mover].pending.pc);
    const bool gone = given_up || !g_somebody_moves || !process.at_gate || has_ended(process.pid);
    const std::uint32_t chosen = gone ? choose_locked() : sched::kNoThread;
    unlock_gate();
    give_turn(handle_first(chosen));
}

void answer(std::uint32_t number) {
    look(g_fibers[number]);
    auto asked = static_cast<std::uint32_t>(Turn::kAnswer);
    turn_of(number).compare_exchange_strong(asked, static_cast<std::uint32_t>(Turn::kWait));
    kernel_wake(turn_of(number));
}

}  // namespace

void wait_for_turn(std::uint32_t number) {
    std::atomic<std::uint32_t>& turn = turn_of(number);
    const KeepErrno keep;
    const bool looks = g_fibers[number].ask != nullptr && !g_fibers[number].wait.limited;
    const timespec until_next_look{0, 5'000'000};
    for (auto told = Turn(turn.load()); told != Turn::kGo; told = Turn(turn.load())) {
        if (told != Turn::kWait) set_interruptible(Interruptible::kNo);
        if (told == Turn::kAnswer) {
            answer(number);
        } else if (told == Turn::kTakeOver) {
            // Unless it has the turn by now.
            auto seen = static_cast<std::uint32_t>(Turn::kTakeOver);
            if (turn.compare_exchange_strong(seen, static_cast<std::uint32_t>(Turn::kWait))) take_over();
        } else {
            set_interruptible(Interruptible::kWaits);
            handle_deferred_signals();
            kernel_wait(turn, static_cast<std::uint32_t>(Turn::kWait), looks ? &until_next_look : nullptr);
            set_interruptible(Interruptible::kNo);
            if (looks && Turn(turn.load()) == Turn::kWait) look_again(number);
        }
    }
    set_interruptible(Interruptible::kNo);
    turn.store(static_cast<std::uint32_t>(Turn::kWait));
}

std::uint32_t choose_next() {
    const GateLock lock;
    return choose_under_lock(false);
}

std::uint32_t this_thread() {
    return t_number;
}

void set_this_thread(std::uint32_t number) {
    t_number = number;
}

namespace {

// Who stands at the gate has the lock nearly always: those whom a signal has interrupted come in between.
void let_handlers_begin() {
    constexpr int kMostTries = 50;
    const timespec moment{0, 100'000};
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        for (int look = 0; look < kMostTries && g_fibers[i].alive && g_fibers[i].interrupted && i != t_number; ++look)
            HEDDLE_REAL(nanosleep)(&moment, nullptr);
    }
}

}  // namespace

void take_turns(const Operation& operation) {
    const KeepErrno keep;
    const std::uint32_t me = t_number;
    if (g_common.signals_sent) let_handlers_begin();
    std::uint32_t chosen = sched::kNoThread;
    {
        const GateLock lock;
        Fiber& fiber = g_fibers[me];
        fiber.pending = operation;
        const bool was_given_up = std::exchange(fiber.outside, false);
        if (was_given_up) look(fiber);
        if (!was_given_up || !g_somebody_moves) chosen = choose_locked();
    }
    chosen = handle_first(chosen);
    if (chosen == me) return;
    give_turn(chosen);
    wait_for_turn(me);
}

void go_outside(std::uint64_t pc) {
    std::uint32_t chosen = sched::kNoThread;
    {
        const GateLock lock;
        const bool was_given_up = current().outside;
        leave_turn(current(), pc);
        if (!was_given_up || !g_somebody_moves) chosen = let_another_choose();
    }
    give_turn(chosen);
    set_interruptible(Interruptible::kOutside);
    handle_deferred_signals();
}

void come_back(std::uint64_t pc, bool interrupted) {
    set_interruptible(Interruptible::kNo);
    Fiber& fiber = g_fibers[t_number];
    std::uint32_t chosen = sched::kNoThread;
    {
        const GateLock lock;
        fiber.outside = false;
        fiber.able = true;
        fiber.pending.kind = OperationKind::kReturn;
        fiber.pending.flags = interrupted ? trace::operation_flags::kInterrupted : 0;
        fiber.pending.pc = pc;
        if (!g_somebody_moves) {
            g_current = t_number;
            chosen = choose_locked();
        }
    }
    chosen = handle_first(chosen);
    if (chosen == t_number) return;
    give_turn(chosen);
    wait_for_turn(t_number);
}

void ask_thread(std::uint32_t number) {
    constexpr int kMostTries = 100;
    const timespec pause{0, 5'000'000};
    Fiber& fiber = g_fibers[number];
    std::atomic<std::uint32_t>& turn = turn_of(number);
    auto waits = static_cast<std::uint32_t>(Turn::kWait), asked = static_cast<std::uint32_t>(Turn::kAnswer);
    // It may be about to see that somebody has taken over.
    for (int look = 0; look < kMostTries && !turn.compare_exchange_strong(waits, asked); ++look) {
        if (Turn(std::exchange(waits, 0)) == Turn::kGo || has_ended(g_common.processes[fiber.process].pid)) return;
        const timespec moment{0, 200'000};
        HEDDLE_REAL(nanosleep)(&moment, nullptr);
    }
    kernel_wake(turn);
    for (int look = 0; look < kMostTries && turn.load() == asked; ++look) {
        kernel_wait(turn, asked, &pause);
        if (look > 0 && has_ended(g_common.processes[fiber.process].pid)) break;
    }
    if (turn.compare_exchange_strong(asked, waits)) fiber.able = false;
}

void pass_turn_on() {
    bool anybody = false;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (!fiber.alive || fiber.outside || is_mine(fiber)) continue;
        // The first of them may have given another one the turn already.
        auto waits = static_cast<std::uint32_t>(Turn::kWait);
        if (turn_of(i).compare_exchange_strong(waits, static_cast<std::uint32_t>(Turn::kTakeOver))) kernel_wake(turn_of(i));
        anybody = true;
    }
    if (anybody) return;
    const GateLock lock;
    g_somebody_moves = false;
    g_board->mover.store(trace::kMostFibers);
}

}  // namespace heddle::fibers
