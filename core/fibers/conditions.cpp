// Condition variables and barriers.
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "core/fibers/carrier.h"
#include "core/fibers/clock.h"
#include "core/fibers/synchronization.h"
#include "core/trace/c11_threads.h"
#include "core/trace/ending_text.h"

namespace heddle::fibers {
namespace {

namespace flags = trace::operation_flags;

// until: null where it waits for a signal alone.
int wait_on_condition(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until, std::uint64_t pc) {
    const bool timed = until != nullptr;
    Operation wait = operation_on(timed ? OperationKind::kTimedWait : OperationKind::kWait, condition, pc);
    wait.second = key(mutex);
    perform(wait);
    const std::uint64_t queue = current().identity;
    Object& lock = usable(mutex, OperationKind::kWait, pc);
    const std::int32_t depth = lock.depth;
    lock.depth = 1;
    let_go(lock, pc);
    if (g_on_threads) HEDDLE_REAL(pthread_mutex_unlock)(mutex);
    Fiber& fiber = current();
    fiber.queue_ticket = next_ticket();
    fiber.queue = queue;
    fiber.signalled = false;
    fiber.timed = timed;
    Operation again = operation_on(OperationKind::kLock, mutex, pc);
    again.second = key(condition);
    if (is_between_processes(mutex)) {
        perform_when(again, {}, [&] { return (fiber.signalled || fiber.timed) && is_free_between_processes(mutex); });
    } else {
        perform(again);
    }
    const bool late = timed && !fiber.signalled;
    if (late) last_step().operation.flags |= flags::kFailed;
    fiber.queue_ticket = 0;
    fiber.signalled = fiber.timed = false;
    hold(lock, false);
    lock.depth = depth;
    if (g_on_threads) HEDDLE_REAL(pthread_mutex_lock)(mutex);
    return late ? timed_out(until) : 0;
}

// A signal that nobody waits for leaves nothing behind.
void wake_or_lose(std::uint32_t first, std::uint32_t most) {
    if (wake(first, most) == 0) last_step().operation.flags |= flags::kFailed;
    made_progress();
}

int signal_one(const void* condition, std::uint64_t pc) {
    const std::uint32_t chosen = perform(operation_on(OperationKind::kSignal, condition, pc));
    wake_or_lose(chosen, 1);
    return 0;
}

int signal_all(const void* condition, std::uint64_t pc) {
    perform(operation_on(OperationKind::kBroadcast, condition, pc));
    wake_or_lose(0, trace::kMostFibers);
    return 0;
}

// One that another program has made tells its number of parties itself (struct pthread_barrier of glibc).
std::uint32_t parties_of(pthread_barrier_t* barrier) {
    std::uint32_t fields[3];
    memcpy(fields, barrier, sizeof fields);
    return fields[2];
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* a) noexcept {
    return HEDDLE_REAL(pthread_cond_init)(c, a);
}
HEDDLE_CALL(int, pthread_cond_destroy, (pthread_cond_t * c) noexcept, (c), 0)
HEDDLE_CALL(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m),
            wait_on_condition(c, m, nullptr, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t* m, const timespec* t), (c, m, t),
            wait_on_condition(c, m, t, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_cond_clockwait, (pthread_cond_t * c, pthread_mutex_t* m, clockid_t k, const timespec* t), (c, m, k, t),
            wait_on_condition(c, m, t, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_cond_signal, (pthread_cond_t * c) noexcept, (c), signal_one(c, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_cond_broadcast, (pthread_cond_t * c) noexcept, (c), signal_all(c, HEDDLE_CALLER))

// Those of ISO C.
namespace c11 = heddle::trace::c11;

HEDDLE_EXPORT void cnd_destroy(cnd_t*) noexcept {}
HEDDLE_CALL(int, cnd_wait, (cnd_t * c, mtx_t* m), (c, m),
            c11::status_of(wait_on_condition(c11::condition_of(c), c11::mutex_of(m), nullptr, HEDDLE_CALLER)))
HEDDLE_CALL(int, cnd_timedwait, (cnd_t * c, mtx_t* m, const timespec* t), (c, m, t),
            c11::status_of(wait_on_condition(c11::condition_of(c), c11::mutex_of(m), t, HEDDLE_CALLER)))
HEDDLE_CALL(int, cnd_signal, (cnd_t * c), (c), signal_one(c, HEDDLE_CALLER))
HEDDLE_CALL(int, cnd_broadcast, (cnd_t * c), (c), signal_all(c, HEDDLE_CALLER))

HEDDLE_EXPORT int pthread_barrier_init(pthread_barrier_t* b, const pthread_barrierattr_t* a, unsigned count) noexcept {
    forget(b);
    object_at(key(b)).expected = count;
    return HEDDLE_REAL(pthread_barrier_init)(b, a, count);
}
HEDDLE_CALL(int, pthread_barrier_destroy, (pthread_barrier_t * b) noexcept, (b), destroy(b, HEDDLE_CALLER))
HEDDLE_EXPORT int pthread_barrier_wait(pthread_barrier_t* b) noexcept {
    if (!g_exploring) return HEDDLE_REAL(pthread_barrier_wait)(b);
    HEDDLE_PASS_HOOK();
    const auto pc = HEDDLE_CALLER;
    Object& object = usable(b, OperationKind::kArrive, pc);
    if (object.expected == 0) object.expected = parties_of(b);
    perform(operation_on(OperationKind::kArrive, b, pc));
    Fiber& fiber = current();
    fiber.generation = object.generation;
    const bool last = ++object.arrived == object.expected;
    if (last) {
        object.arrived = 0;
        ++object.generation;
        for (Fiber& other : g_fibers) {
            if (other.alive && other.pending.kind == OperationKind::kLeave && other.identity == fiber.identity)
                other.pending.value = g_board->step_count;
        }
    }
    made_progress();
    Operation leave = operation_on(OperationKind::kLeave, b, pc);
    if (last) leave.value = g_board->step_count;
    perform(leave);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
