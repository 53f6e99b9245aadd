#include "core/fibers/interruptions.h"

#include <pthread.h>
#include <signal.h>

#include <new>
#include <utility>

#include "core/fibers/carrier.h"
#include "core/fibers/objects.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/turns.h"

// Set by the runtime: has the signals sent again that it let wait; whether there are any.
extern "C" {
__attribute__((visibility("default"))) void (*heddle_send_deferred)() = nullptr;
__attribute__((visibility("default"))) bool (*heddle_has_deferred)() = nullptr;
}

namespace heddle::fibers {
namespace {

thread_local Interruptible t_interruptible = Interruptible::kNo;

// What a handler interrupted.
struct Interrupted {
    Operation pending;
    std::uint64_t identity, second_identity;
    bool (*ask)(const void* question);
    const void* question;
    std::uint64_t queue_ticket, queue;
    Wait wait;
    Interruptible how;
    bool outside, fails, timed;
};
static_assert(sizeof(Interrupted) <= 128);  // runtime/gate.h

}  // namespace

Interruptible set_interruptible(Interruptible now) {
    return std::exchange(t_interruptible, now);
}

void handle_deferred_signals() {
    if (heddle_send_deferred != nullptr) heddle_send_deferred();
}

bool has_deferred_signals() {
    return heddle_has_deferred != nullptr && heddle_has_deferred();
}

namespace {

bool fails_by_handler(const Fiber& fiber, bool restarts) {
    if (fiber.wait.on_handler == OnHandler::kGoesOn || (fiber.wait.on_handler == OnHandler::kFailsUnlessRestarted && restarts))
        return false;
    return would_wait(fiber);
}

bool begin_handler(Interrupted& interrupted, bool restarts) {
    Fiber& fiber = g_fibers[this_thread()];
    interrupted.how = set_interruptible(Interruptible::kNo);
    fiber.interrupted = true;
    ++g_common.handlers_begun;
    const GateLock lock;
    fiber.interrupted = false;
    // One that has been chosen goes on.
    if (interrupted.how == Interruptible::kWaits && has_been_told_to_go(this_thread())) {
        set_interruptible(interrupted.how);
        return false;
    }
    interrupted.outside = fiber.outside;
    interrupted.fails = fiber.fails || (!fiber.outside && fails_by_handler(fiber, restarts));
    interrupted.pending = fiber.pending;
    interrupted.identity = fiber.identity, interrupted.second_identity = fiber.second_identity;
    interrupted.ask = fiber.ask, interrupted.question = fiber.question, interrupted.wait = fiber.wait;
    // Who fails stands in no queue any more; who does not keeps its place.
    if (interrupted.fails) fiber.queue_ticket = 0;
    interrupted.queue_ticket = fiber.queue_ticket, interrupted.queue = fiber.queue, interrupted.timed = fiber.timed;
    fiber.ask = nullptr;
    fiber.wait = {};
    fiber.spinning = fiber.fails = false;
    if (interrupted.how == Interruptible::kStands) {
        fiber.outside = false;  // it has the turn
    } else {
        leave_turn(fiber, fiber.pending.pc);
    }
    return true;
}

void restore_queue(Fiber& fiber, const Interrupted& interrupted) {
    if (fiber.queue_ticket != interrupted.queue_ticket) {
        // The handler stood in a queue itself: a wake-up that it missed is one without a cause.
        fiber.queue_ticket = interrupted.queue_ticket, fiber.queue = interrupted.queue, fiber.timed = interrupted.timed;
        fiber.signalled = true;
    }
    if (fiber.signalled && stands_in_queue(fiber)) fiber.pending.value = fiber.woken_by;
}

void end_handler(const Interrupted& interrupted) {
    const KeepErrno keep;
    Fiber& fiber = g_fibers[this_thread()];
    std::uint32_t chosen = sched::kNoThread;
    {
        const GateLock lock;
        const bool has_turn = !fiber.outside;
        fiber.pending = interrupted.pending;
        fiber.identity = interrupted.identity, fiber.second_identity = interrupted.second_identity;
        fiber.ask = interrupted.ask, fiber.question = interrupted.question, fiber.wait = interrupted.wait;
        fiber.fails = interrupted.fails;
        fiber.outside = interrupted.outside;
        restore_queue(fiber, interrupted);
        if (!fiber.outside) {
            fiber.pending.tick = next_tick(fiber);
            fiber.pending.flags &= static_cast<std::uint8_t>(~trace::operation_flags::kSpun);
            if (fiber.fails) fiber.pending.flags |= trace::operation_flags::kInterrupted;
        }
        fiber.able = is_enabled(fiber);
        if (interrupted.how == Interruptible::kStands) {
            // Whoever let the handler begin chooses.
        } else if (fiber.outside) {
            if (has_turn || !anybody_moves()) chosen = let_another_choose();
        } else if (has_turn || !anybody_moves()) {
            chosen = choose_locked();
        }
    }
    give_turn(handle_first(chosen));
    set_interruptible(interrupted.how);
}

template <typename Call>
int send_signal(const char* name, int number, std::uint64_t pc, Call call) {
    if (!g_exploring) return call();
    if (g_searching) unsupported(name, pc);
    g_common.signals_sent = true;
    const std::uint32_t begun = g_common.handlers_begun;
    const int result = call();
    if (result == 0 && number != 0 && !is_alone()) await_handler(begun);
    return result;
}

}  // namespace

// Whoever it comes to, the handler begins before the sender goes on, so that the same schedule is the same run: a handler that
// came a step later might find nobody waiting. One that is blocked, or has no handler, comes to nobody.
void await_handler(std::uint32_t begun) {
    constexpr int kMostTries = 200;
    const KeepErrno keep;
    const timespec moment{0, 100'000};
    for (int look = 0; look < kMostTries && g_common.handlers_begun == begun && !has_deferred_signals(); ++look)
        HEDDLE_REAL(nanosleep)(&moment, nullptr);
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

// By the runtime, around a handler of the program; room: for what the first has to tell the second; restarts: it was set with
// SA_RESTART. False: not now.
HEDDLE_EXPORT bool heddle_begin_handler(void* room, bool restarts) {
    auto* const interrupted = ::new (room) Interrupted{};
    return t_interruptible != Interruptible::kNo && begin_handler(*interrupted, restarts);
}
HEDDLE_EXPORT int pthread_kill(pthread_t thread, int number) noexcept {
    return send_signal("pthread_kill", number, HEDDLE_CALLER, [=] { return HEDDLE_REAL(pthread_kill)(thread, number); });
}
HEDDLE_EXPORT void heddle_end_handler(void* room) {
    const auto* const interrupted = std::launder(static_cast<Interrupted*>(room));
    if (interrupted->how != Interruptible::kNo) end_handler(*interrupted);
}
