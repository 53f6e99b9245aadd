#include "core/fibers/interruptions.h"

#include <pthread.h>
#include <signal.h>

#include <new>
#include <utility>

#include "core/fibers/carrier.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/turns.h"

// Set by the runtime: has the signals sent again that it let wait.
extern "C" {
__attribute__((visibility("default"))) void (*heddle_send_deferred)() = nullptr;
}

namespace heddle::fibers {
namespace {

thread_local Interruptible t_interruptible = Interruptible::kNo;

// What a handler interrupted.
struct Interrupted {
    Interruptible how;
    Operation pending;
    std::uint64_t identity, second_identity;
    bool (*ask)(const void* question);
    const void* question;
    bool leads_outside;
};
static_assert(sizeof(Interrupted) <= 128);  // runtime/gate.h

}  // namespace

Interruptible set_interruptible(Interruptible now) {
    return std::exchange(t_interruptible, now);
}

void handle_deferred_signals() {
    if (heddle_send_deferred != nullptr) heddle_send_deferred();
}

namespace {

bool begin_handler(Interrupted& interrupted) {
    Fiber& fiber = g_fibers[this_thread()];
    interrupted.how = set_interruptible(Interruptible::kNo);
    fiber.interrupted = true;
    const GateLock lock;
    fiber.interrupted = false;
    // One that has been chosen goes on; one in a queue keeps its place until it is woken.
    const bool goes_on = has_been_told_to_go(this_thread()) || fiber.queue_ticket != 0;
    if (interrupted.how == Interruptible::kWaits && goes_on) {
        set_interruptible(interrupted.how);
        return false;
    }
    interrupted.pending = fiber.pending;
    interrupted.identity = fiber.identity, interrupted.second_identity = fiber.second_identity;
    interrupted.ask = fiber.ask, interrupted.question = fiber.question, interrupted.leads_outside = fiber.leads_outside;
    fiber.ask = nullptr;
    fiber.spinning = false;
    leave_turn(fiber, fiber.pending.pc);
    return true;
}

void end_handler(const Interrupted& interrupted) {
    Fiber& fiber = g_fibers[this_thread()];
    std::uint32_t chosen = sched::kNoThread;
    {
        const GateLock lock;
        const bool has_turn = !fiber.outside;
        fiber.pending = interrupted.pending;
        fiber.identity = interrupted.identity, fiber.second_identity = interrupted.second_identity;
        fiber.ask = interrupted.ask, fiber.question = interrupted.question, fiber.leads_outside = interrupted.leads_outside;
        fiber.outside = interrupted.how == Interruptible::kOutside;
        if (!fiber.outside) {
            fiber.pending.tick = next_tick(fiber);
            fiber.pending.flags &= static_cast<std::uint8_t>(~trace::operation_flags::kSpun);
        }
        fiber.able = is_enabled(fiber);
        if (has_turn || !anybody_moves()) chosen = choose_locked();
    }
    give_turn(chosen);
    set_interruptible(interrupted.how);
}

void note_signal(const char* call, std::uint64_t pc) {
    if (!g_exploring) return;
    if (g_searching) unsupported(call, pc);
    g_common.signals_sent = true;
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

// By the runtime, around a handler of the program; room: for what the first has to tell the second. False: not now.
HEDDLE_EXPORT bool heddle_begin_handler(void* room) {
    auto* const interrupted = ::new (room) Interrupted{};
    return t_interruptible != Interruptible::kNo && begin_handler(*interrupted);
}
// They come to their threads a little later.
HEDDLE_EXPORT int pthread_kill(pthread_t thread, int number) noexcept {
    note_signal("pthread_kill", HEDDLE_CALLER);
    return HEDDLE_REAL(pthread_kill)(thread, number);
}
HEDDLE_EXPORT void heddle_end_handler(void* room) {
    const auto* const interrupted = std::launder(static_cast<Interrupted*>(room));
    if (interrupted->how != Interruptible::kNo) end_handler(*interrupted);
}
