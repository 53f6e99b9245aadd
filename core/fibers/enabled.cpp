// Who could go on: whether what a thread is about to do is possible now.
#include "core/fibers/lock_of_several.h"
#include "core/fibers/objects.h"
#include "core/fibers/processes.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spaces.h"
#include "core/fibers/spin.h"
#include "core/fibers/turns.h"

namespace heddle::fibers {

bool awaits_signal(const Fiber& fiber) {
    return fiber.pending.kind == OperationKind::kLock && stands_in_queue(fiber) && !fiber.signalled && !fiber.timed;
}

bool would_wait(const Fiber& fiber) {
    return fiber.ask != nullptr ? !fiber.ask(fiber.question) : !is_enabled(fiber);
}

std::uint64_t enabled_fibers() {
    std::uint64_t enabled = 0;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        Fiber& fiber = g_fibers[i];
        if (!fiber.alive) continue;
        const bool asks = (fiber.ask != nullptr && !fiber.wait.limited) || fiber.spinning;
        if (is_mine(fiber) || (is_shared(fiber.identity) && !asks)) {
            look(fiber);
        } else if (fiber.interrupted) {
            fiber.able = false;
        } else if (!fiber.outside && asks) {
            ask_thread(i);  // what only its own process can tell
        }
        if (fiber.able) enabled |= std::uint64_t{1} << i;
    }
    if (const std::uint32_t only = gives_back(); only < trace::kMostFibers) enabled &= std::uint64_t{1} << only;
    return enabled;
}

bool may_change_from_outside(const Fiber& fiber) {
    return !g_searching && !fiber.able && fiber.ask != nullptr && (fiber.wait.leads_outside || anybody_runs_free());
}

void look(Fiber& fiber) {
    fiber.able = is_enabled(fiber);
    fiber.changed = 0;
    if (!fiber.able || !fiber.spinning) return;
    fiber.changed = outside_name(changed_object(fiber));
}

bool is_enabled(const Fiber& fiber) {
    if (fiber.outside) return false;
    if (fiber.fails) return true;
    if (fiber.spinning) return changed_object(fiber) != 0;
    if (fiber.ask != nullptr) return fiber.wait.limited || fiber.ask(fiber.question);
    const auto number = static_cast<std::uint32_t>(&fiber - g_fibers);
    switch (fiber.pending.kind) {
        case OperationKind::kJoin:
            return !g_fibers[fiber.pending.object].alive;
        case OperationKind::kLock:
            // After a wait on a condition variable: not before its signal.
            if (awaits_signal(fiber) && (g_board->spurious == 0 || fiber.woke_alone)) return false;
            if (trace::looks_also_at(fiber.pending) != 0 && !lock_is_free(object_at(fiber.pending.second), number, false))
                return false;
            return lock_is_free(object_of(fiber), number, false);
        case OperationKind::kReadLock:
            return lock_is_free(object_of(fiber), number, true);
        case OperationKind::kAcquirePermit:
            return object_of(fiber).permits > 0;
        case OperationKind::kLeave:
            return object_of(fiber).generation != fiber.generation;
        case OperationKind::kFutexResume:
            return fiber.signalled || fiber.timed;
        default:
            return true;
    }
}

}  // namespace heddle::fibers
