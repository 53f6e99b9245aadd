// Threads and what they wait for: create, join, mutexes, read-write locks, spin locks, once, condition variables, barriers,
// semaphores, futexes. Outside an execution (before main) each call goes to libc.
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fibers/context.h"
#include "core/fibers/objects.h"
#include "core/fibers/real.h"

namespace heddle::fibers {
namespace {

namespace flags = trace::operation_flags;
using trace::Ending;

std::uint64_t key(const volatile void* object) {
    return reinterpret_cast<std::uint64_t>(object);
}

Operation operation_on(OperationKind kind, const volatile void* object, std::uint64_t pc) {
    Operation operation;
    operation.kind = kind;
    operation.object = key(object);
    operation.pc = pc;
    return operation;
}

Object& usable(const volatile void* lock, std::uint64_t pc) {
    Object& object = object_at(key(lock));
    if (object.destroyed) {
        g_board->object = key(lock);
        end_execution(Ending::kMisuse, 0, pc, "used after it was destroyed");
    }
    return object;
}

void hold(Object& object, bool shared) {
    Fiber& fiber = current();
    if (shared) {
        object.readers |= std::uint64_t{1} << g_current;
    } else {
        object.owner = static_cast<std::int32_t>(g_current) + 1;
        ++object.depth;
    }
    ++fiber.held_locks;
    fiber.last_lock = object.address;
    made_progress();
}

int take(const volatile void* lock, OperationKind kind, std::uint64_t pc) {
    const bool shared = kind == OperationKind::kReadLock || kind == OperationKind::kTryReadLock;
    Object& object = usable(lock, pc);
    if (!shared && object.recursive && object.owner == static_cast<std::int32_t>(g_current) + 1) {
        hold(object, false);
        return 0;
    }
    const bool tries = kind == OperationKind::kTryLock || kind == OperationKind::kTryReadLock;
    const Operation operation = operation_on(kind, lock, pc);
    if (tries) before_look(operation);
    perform(operation);
    if (tries && !lock_is_free(object, g_current, shared)) {
        last_step().operation.flags |= flags::kFailed;
        after_look(operation, 0);
        return EBUSY;
    }
    hold(object, shared);
    return 0;
}

// Lets go without a step of its own.
void let_go(Object& object) {
    const std::uint64_t bit = std::uint64_t{1} << g_current;
    if (object.owner == static_cast<std::int32_t>(g_current) + 1) {
        if (--object.depth == 0) object.owner = 0;
    } else if ((object.readers & bit) != 0) {
        object.readers &= ~bit;
    } else {
        g_board->object = object.address;
        end_execution(Ending::kMisuse, 0, 0, "unlocked by a thread that does not hold it");
    }
    --current().held_locks;
    made_progress();
}

int release_lock(const volatile void* lock, std::uint64_t pc) {
    Object& object = usable(lock, pc);
    if (!(object.recursive && object.depth > 1)) perform(operation_on(OperationKind::kUnlock, lock, pc));
    let_go(object);
    return 0;
}

int destroy(const volatile void* lock, std::uint64_t pc) {
    Object& object = object_at(key(lock));
    if (object.owner != 0 || object.readers != 0) {
        g_board->object = key(lock);
        end_execution(Ending::kMisuse, 0, pc, "destroyed while it is locked");
    }
    object.destroyed = true;
    return 0;
}

int forget(const volatile void* lock) {
    Object& object = object_at(key(lock));
    const std::uint64_t address = object.address;
    object = Object{};
    object.address = address;
    return 0;
}

int lock_mutex(pthread_mutex_t* mutex, OperationKind kind, std::uint64_t pc) {
    Object& object = usable(mutex, pc);
    object.recursive = (mutex->__data.__kind & 3) == PTHREAD_MUTEX_RECURSIVE;
    if ((mutex->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK && object.owner == static_cast<std::int32_t>(g_current) + 1) {
        return EDEADLK;
    }
    return take(mutex, kind, pc);
}

int wait_on_condition(pthread_cond_t* condition, pthread_mutex_t* mutex, bool timed, std::uint64_t pc) {
    Operation wait = operation_on(timed ? OperationKind::kTimedWait : OperationKind::kWait, condition, pc);
    wait.second = key(mutex);
    perform(wait);
    Object& lock = usable(mutex, pc);
    const std::int32_t depth = lock.depth;
    lock.depth = 1;
    let_go(lock);
    Fiber& fiber = current();
    fiber.queue_ticket = next_ticket();
    fiber.signalled = false;
    fiber.timed = timed;
    Operation again = operation_on(OperationKind::kLock, mutex, pc);
    again.second = key(condition);
    perform(again);
    const bool timed_out = timed && !fiber.signalled;
    if (timed_out) last_step().operation.flags |= flags::kFailed;
    fiber.queue_ticket = 0;
    fiber.signalled = fiber.timed = false;
    hold(lock, false);
    lock.depth = depth;
    return timed_out ? ETIMEDOUT : 0;
}

void wake(std::uint64_t object, std::uint32_t first, std::uint32_t most) {
    std::uint8_t waiting[trace::kMostFibers];
    const std::uint32_t count = waiters_of(object, waiting);
    for (std::uint32_t i = first; i < count && i - first < most; ++i) {
        g_fibers[waiting[i]].signalled = true;
        g_fibers[waiting[i]].pending.value = g_board->step_count;
    }
}

// A signal that nobody waits for leaves nothing behind.
void note_if_lost(pthread_cond_t* condition) {
    std::uint8_t waiting[trace::kMostFibers];
    if (waiters_of(key(condition), waiting) == 0) last_step().operation.flags |= flags::kFailed;
}

std::int64_t& permits_of(sem_t* semaphore) {
    Object& object = object_at(key(semaphore));
    if (!object.known_permits) {
        int permits = 0;
        HEDDLE_REAL(sem_getvalue)(semaphore, &permits);
        object.permits = permits;
        object.known_permits = true;
    }
    return object.permits;
}

int acquire_permit(sem_t* semaphore, OperationKind kind, int error, std::uint64_t pc) {
    std::int64_t& permits = permits_of(semaphore);
    const Operation operation = operation_on(kind, semaphore, pc);
    perform(operation);
    last_step().operation.value = static_cast<std::uint64_t>(permits);
    if (permits <= 0) {
        last_step().operation.flags |= flags::kFailed;
        errno = error;
        return -1;
    }
    --permits;
    made_progress();
    return 0;
}

long futex_wait(std::uint32_t* word, std::uint32_t expected, bool timed, std::uint64_t pc) {
    Operation wait = operation_on(OperationKind::kFutexWait, word, pc);
    wait.value = expected;
    wait.bytes = 4;
    perform(wait);
    if (*word != expected) {
        last_step().operation.flags |= flags::kFailed;
        errno = EAGAIN;
        return -1;
    }
    Fiber& fiber = current();
    fiber.queue_ticket = next_ticket();
    fiber.signalled = false;
    fiber.timed = timed;
    perform(operation_on(OperationKind::kFutexResume, word, pc));
    const bool woken = fiber.signalled;
    fiber.queue_ticket = 0;
    fiber.signalled = fiber.timed = false;
    made_progress();
    if (woken) return 0;
    errno = ETIMEDOUT;
    return -1;
}

long futex_wake(std::uint32_t* word, std::uint32_t most, std::uint64_t pc) {
    Operation operation = operation_on(OperationKind::kFutexWake, word, pc);
    operation.value = most;
    operation.bytes = 4;
    perform(operation);
    std::uint8_t waiting[trace::kMostFibers];
    const std::uint32_t count = waiters_of(key(word), waiting);
    wake(key(word), 0, most);
    return count < most ? count : most;
}

int join(pthread_t thread, void** result, std::uint64_t pc) {
    const std::uint32_t number = fiber_of(thread);
    if (number == trace::kMostFibers) return ESRCH;
    Fiber& target = g_fibers[number];
    if (target.joined || target.detached) end_execution(Ending::kMisuse, 0, pc, "joined a thread that was joined or detached before");
    Operation operation;
    operation.kind = OperationKind::kJoin;
    operation.object = number;
    operation.pc = pc;
    perform(operation);
    target.joined = true;
    --g_unjoined;
    if (result != nullptr) *result = target.result;
    made_progress();
    return 0;
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

#define HEDDLE_CALL(type, name, parameters, arguments, action)       \
    HEDDLE_EXPORT type name parameters {                             \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;        \
        HEDDLE_PASS_HOOK();                                          \
        return action;                                               \
    }

HEDDLE_EXPORT int pthread_create(pthread_t* out, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument) {
    if (!g_exploring) return HEDDLE_REAL(pthread_create)(out, attributes, routine, argument);
    HEDDLE_PASS_HOOK();
    Operation operation;
    operation.kind = OperationKind::kCreate;
    operation.pc = HEDDLE_CALLER;
    perform(operation);
    const std::uint32_t number = add_fiber(routine, argument);
    last_step().operation.object = number;
    *out = g_fibers[number].thread_pointer;
    int detached = PTHREAD_CREATE_JOINABLE;
    if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detached);
    g_fibers[number].detached = detached == PTHREAD_CREATE_DETACHED;
    made_progress();
    return 0;
}
HEDDLE_CALL(int, pthread_join, (pthread_t t, void** result), (t, result), join(t, result, HEDDLE_CALLER))
HEDDLE_EXPORT int pthread_detach(pthread_t thread) {
    if (!g_exploring) return HEDDLE_REAL(pthread_detach)(thread);
    const std::uint32_t number = fiber_of(thread);
    if (number == heddle::trace::kMostFibers) return ESRCH;
    g_fibers[number].detached = true;
    return 0;
}
HEDDLE_EXPORT void pthread_exit(void* result) {
    if (!g_exploring) HEDDLE_REAL(pthread_exit)(result);
    HEDDLE_PASS_HOOK();
    finish_fiber(result, HEDDLE_CALLER);
}
HEDDLE_EXPORT int pthread_cancel(pthread_t thread) {
    if (!g_exploring) return HEDDLE_REAL(pthread_cancel)(thread);
    unsupported("pthread_cancel", HEDDLE_CALLER);
}
HEDDLE_CALL(int, sched_yield, () noexcept, (), 0)

HEDDLE_EXPORT int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* a) noexcept {
    if (g_exploring) forget(m);
    return HEDDLE_REAL(pthread_mutex_init)(m, a);
}
HEDDLE_CALL(int, pthread_mutex_destroy, (pthread_mutex_t * m) noexcept, (m), destroy(m, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_mutex_lock, (pthread_mutex_t * m) noexcept, (m), lock_mutex(m, OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_mutex_trylock, (pthread_mutex_t * m) noexcept, (m), lock_mutex(m, OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t) noexcept, (m, t),
            lock_mutex(m, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? ETIMEDOUT : 0)
HEDDLE_CALL(int, pthread_mutex_clocklock, (pthread_mutex_t * m, clockid_t c, const timespec* t) noexcept, (m, c, t),
            lock_mutex(m, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? ETIMEDOUT : 0)
HEDDLE_CALL(int, pthread_mutex_unlock, (pthread_mutex_t * m) noexcept, (m), release_lock(m, HEDDLE_CALLER))

HEDDLE_EXPORT int pthread_rwlock_init(pthread_rwlock_t* l, const pthread_rwlockattr_t* a) noexcept {
    if (g_exploring) forget(l);
    return HEDDLE_REAL(pthread_rwlock_init)(l, a);
}
HEDDLE_CALL(int, pthread_rwlock_destroy, (pthread_rwlock_t * l) noexcept, (l), destroy(l, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kReadLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kTryReadLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const timespec* t) noexcept, (l, t),
            take(l, OperationKind::kTryReadLock, HEDDLE_CALLER) != 0 ? ETIMEDOUT : 0)
HEDDLE_CALL(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const timespec* t) noexcept, (l, t),
            take(l, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? ETIMEDOUT : 0)
HEDDLE_CALL(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t * l, clockid_t c, const timespec* t) noexcept, (l, c, t),
            take(l, OperationKind::kTryReadLock, HEDDLE_CALLER) != 0 ? ETIMEDOUT : 0)
HEDDLE_CALL(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t * l, clockid_t c, const timespec* t) noexcept, (l, c, t),
            take(l, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? ETIMEDOUT : 0)
HEDDLE_CALL(int, pthread_rwlock_unlock, (pthread_rwlock_t * l) noexcept, (l), release_lock(l, HEDDLE_CALLER))

HEDDLE_EXPORT int pthread_spin_init(pthread_spinlock_t* l, int shared) noexcept {
    if (g_exploring) forget(l);
    return HEDDLE_REAL(pthread_spin_init)(l, shared);
}
HEDDLE_CALL(int, pthread_spin_destroy, (pthread_spinlock_t * l) noexcept, (l), destroy(l, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_spin_lock, (pthread_spinlock_t * l) noexcept, (l), take(l, OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_spin_trylock, (pthread_spinlock_t * l) noexcept, (l), take(l, OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_spin_unlock, (pthread_spinlock_t * l) noexcept, (l), release_lock(l, HEDDLE_CALLER))

HEDDLE_EXPORT int pthread_once(pthread_once_t* once, void (*routine)()) {
    if (!g_exploring) return HEDDLE_REAL(pthread_once)(once, routine);
    HEDDLE_PASS_HOOK();
    const auto pc = HEDDLE_CALLER;
    take(once, OperationKind::kLock, pc);
    Object& object = object_at(key(once));
    if (!object.done && *once == PTHREAD_ONCE_INIT) {
        routine();
        object.done = true;
    }
    return release_lock(once, pc);
}

HEDDLE_EXPORT int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* a) noexcept {
    return HEDDLE_REAL(pthread_cond_init)(c, a);
}
HEDDLE_CALL(int, pthread_cond_destroy, (pthread_cond_t * c) noexcept, (c), 0)
HEDDLE_CALL(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m), wait_on_condition(c, m, false, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t* m, const timespec* t), (c, m, t),
            wait_on_condition(c, m, true, HEDDLE_CALLER))
HEDDLE_CALL(int, pthread_cond_clockwait, (pthread_cond_t * c, pthread_mutex_t* m, clockid_t k, const timespec* t), (c, m, k, t),
            wait_on_condition(c, m, true, HEDDLE_CALLER))
HEDDLE_EXPORT int pthread_cond_signal(pthread_cond_t* c) noexcept {
    if (!g_exploring) return HEDDLE_REAL(pthread_cond_signal)(c);
    HEDDLE_PASS_HOOK();
    const std::uint32_t chosen = perform(operation_on(OperationKind::kSignal, c, HEDDLE_CALLER));
    note_if_lost(c);
    wake(key(c), chosen, 1);
    made_progress();
    return 0;
}
HEDDLE_EXPORT int pthread_cond_broadcast(pthread_cond_t* c) noexcept {
    if (!g_exploring) return HEDDLE_REAL(pthread_cond_broadcast)(c);
    HEDDLE_PASS_HOOK();
    perform(operation_on(OperationKind::kBroadcast, c, HEDDLE_CALLER));
    note_if_lost(c);
    wake(key(c), 0, heddle::trace::kMostFibers);
    made_progress();
    return 0;
}

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
    usable(b, pc);
    perform(operation_on(OperationKind::kArrive, b, pc));
    Object& object = object_at(key(b));
    Fiber& fiber = current();
    fiber.generation = object.generation;
    const bool last = ++object.arrived == object.expected;
    if (last) {
        object.arrived = 0;
        ++object.generation;
        for (Fiber& other : g_fibers) {
            if (other.alive && other.pending.kind == OperationKind::kLeave && other.pending.object == key(b)) {
                other.pending.value = g_board->step_count;
            }
        }
    }
    made_progress();
    Operation leave = operation_on(OperationKind::kLeave, b, pc);
    if (last) leave.value = g_board->step_count;
    perform(leave);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

HEDDLE_EXPORT int sem_init(sem_t* s, int shared, unsigned permits) noexcept {
    if (g_exploring) {
        forget(s);
        Object& object = object_at(key(s));
        object.permits = permits;
        object.known_permits = true;
    }
    return HEDDLE_REAL(sem_init)(s, shared, permits);
}
HEDDLE_CALL(int, sem_wait, (sem_t * s), (s), acquire_permit(s, (permits_of(s), OperationKind::kAcquirePermit), 0, HEDDLE_CALLER))
HEDDLE_CALL(int, sem_trywait, (sem_t * s) noexcept, (s), acquire_permit(s, OperationKind::kTryAcquirePermit, EAGAIN, HEDDLE_CALLER))
HEDDLE_CALL(int, sem_timedwait, (sem_t * s, const timespec* t), (s, t),
            acquire_permit(s, OperationKind::kTryAcquirePermit, ETIMEDOUT, HEDDLE_CALLER))
HEDDLE_CALL(int, sem_clockwait, (sem_t * s, clockid_t c, const timespec* t), (s, c, t),
            acquire_permit(s, OperationKind::kTryAcquirePermit, ETIMEDOUT, HEDDLE_CALLER))
HEDDLE_EXPORT int sem_post(sem_t* s) noexcept {
    if (!g_exploring) return HEDDLE_REAL(sem_post)(s);
    HEDDLE_PASS_HOOK();
    std::int64_t& permits = permits_of(s);
    perform(operation_on(OperationKind::kReleasePermit, s, HEDDLE_CALLER));
    ++permits;
    made_progress();
    return 0;
}
HEDDLE_EXPORT int sem_getvalue(sem_t* s, int* out) noexcept {
    if (!g_exploring) return HEDDLE_REAL(sem_getvalue)(s, out);
    *out = static_cast<int>(permits_of(s));
    return 0;
}

HEDDLE_EXPORT long syscall(long number, ...) noexcept {
    va_list list;
    va_start(list, number);
    long a[6];
    for (long& argument : a) argument = va_arg(list, long);
    va_end(list);
    if (g_exploring && number == SYS_futex) {
        HEDDLE_PASS_HOOK();
        auto* word = reinterpret_cast<std::uint32_t*>(a[0]);
        const long command = a[1] & FUTEX_CMD_MASK;
        if (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET) {
            return futex_wait(word, static_cast<std::uint32_t>(a[2]), a[3] != 0, HEDDLE_CALLER);
        }
        if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET) {
            return futex_wake(word, static_cast<std::uint32_t>(a[2]), HEDDLE_CALLER);
        }
        unsupported("a futex operation other than wait and wake", HEDDLE_CALLER);
    }
    if (g_exploring && (number == SYS_clone || number == SYS_execve)) unsupported("a system call that makes a process", HEDDLE_CALLER);
    return HEDDLE_REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
