// Mutexes of all kinds, read-write locks, spin locks, once.
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>

#include "core/fibers/clock.h"
#include "core/fibers/synchronization.h"
#include "core/trace/c11_threads.h"

namespace heddle::fibers {
namespace {

int take_between_processes(pthread_mutex_t* mutex, Object& object, OperationKind kind, std::uint64_t pc) {
    const bool again = object.recursive && object.owner == static_cast<std::int32_t>(g_current) + 1;
    if (!again && kind == OperationKind::kLock) {
        perform_when(operation_on(kind, mutex, pc), {}, [mutex] { return is_free_between_processes(mutex); });
    } else if (!again) {
        const Operation operation = operation_on(kind, mutex, pc);
        before_look(operation);
        perform(operation);
        if (!is_free_between_processes(mutex)) {
            last_step().operation.flags |= trace::operation_flags::kFailed;
            after_look(operation, 0);
            return EBUSY;
        }
    }
    hold(object, false);
    return 0;
}

int lock_mutex(pthread_mutex_t* mutex, OperationKind kind, std::uint64_t pc) {
    Object& object = usable(mutex, kind, pc);
    object.recursive = (mutex->__data.__kind & 3) == PTHREAD_MUTEX_RECURSIVE;
    if ((mutex->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK && object.owner == static_cast<std::int32_t>(g_current) + 1) {
        return EDEADLK;
    }
    return is_between_processes(mutex) ? take_between_processes(mutex, object, kind, pc) : take(mutex, kind, pc);
}

bool is_done(const volatile void* once) {
    return object_at(key(once)).done || *static_cast<const volatile pthread_once_t*>(once) != PTHREAD_ONCE_INIT;
}

int once_only(pthread_once_t* once, void (*routine)(), std::uint64_t pc) {
    if (!take_unless(is_done, once, pc)) return 0;
    Fiber& fiber = current();
    const bool watched = fiber.running_once_count < Fiber::kMostOnces;
    if (watched) fiber.running_onces[fiber.running_once_count++] = {once, pc, fiber.user_stack};
    routine();
    if (watched) --fiber.running_once_count;
    object_at(key(once)).done = true;
    note_done(once);
    if (g_on_threads) HEDDLE_REAL(pthread_once)(once, [] {});
    return release_lock(once, pc);
}

}  // namespace

// No code of this library's that an exception comes through may hold it up: its unwinder is not the program's.
void release_left_once(Fiber& fiber) {
    while (fiber.running_once_count > 0) {
        const RunningOnce& innermost = fiber.running_onces[fiber.running_once_count - 1];
        if (fiber.user_stack < innermost.user_stack) return;
        --fiber.running_once_count;
        release_lock(innermost.once, innermost.pc);
    }
}

// As glibc lays it out (struct __pthread_mutex_s).
bool is_between_processes(const pthread_mutex_t* mutex) {
    constexpr int kShared = 128;
    return g_on_threads && (mutex->__data.__kind & kShared) != 0;
}
bool is_free_between_processes(const pthread_mutex_t* mutex) {
    // Of a robust one whose owner has died the kernel leaves a mark there.
    return (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_ACQUIRE) & FUTEX_TID_MASK) == 0;
}
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* a) noexcept {
    if (g_exploring) forget(m);
    return HEDDLE_REAL(pthread_mutex_init)(m, a);
}
HEDDLE_LOCK(pthread_mutex_destroy, (pthread_mutex_t * m) noexcept, (m), destroy(m, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_mutex_lock, (pthread_mutex_t * m) noexcept, (m), lock_mutex(m, OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_mutex_trylock, (pthread_mutex_t * m) noexcept, (m), lock_mutex(m, OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t) noexcept, (m, t),
            lock_mutex(m, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_LOCK(pthread_mutex_clocklock, (pthread_mutex_t * m, clockid_t c, const timespec* t) noexcept, (m, c, t),
            lock_mutex(m, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_LOCK(pthread_mutex_unlock, (pthread_mutex_t * m) noexcept, (m), release_lock(m, HEDDLE_CALLER))

HEDDLE_EXPORT int pthread_rwlock_init(pthread_rwlock_t* l, const pthread_rwlockattr_t* a) noexcept {
    if (g_exploring) forget(l);
    return HEDDLE_REAL(pthread_rwlock_init)(l, a);
}
HEDDLE_LOCK(pthread_rwlock_destroy, (pthread_rwlock_t * l) noexcept, (l), destroy(l, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_rwlock_rdlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kReadLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_rwlock_tryrdlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kTryReadLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_rwlock_wrlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_rwlock_trywrlock, (pthread_rwlock_t * l) noexcept, (l), take(l, OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const timespec* t) noexcept, (l, t),
            take(l, OperationKind::kTryReadLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_LOCK(pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const timespec* t) noexcept, (l, t),
            take(l, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_LOCK(pthread_rwlock_clockrdlock, (pthread_rwlock_t * l, clockid_t c, const timespec* t) noexcept, (l, c, t),
            take(l, OperationKind::kTryReadLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_LOCK(pthread_rwlock_clockwrlock, (pthread_rwlock_t * l, clockid_t c, const timespec* t) noexcept, (l, c, t),
            take(l, OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_LOCK(pthread_rwlock_unlock, (pthread_rwlock_t * l) noexcept, (l), release_lock(l, HEDDLE_CALLER))

HEDDLE_EXPORT int pthread_spin_init(pthread_spinlock_t* l, int shared) noexcept {
    if (g_exploring) forget(l);
    return HEDDLE_REAL(pthread_spin_init)(l, shared);
}
HEDDLE_LOCK(pthread_spin_destroy, (pthread_spinlock_t * l) noexcept, (l), destroy(l, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_spin_lock, (pthread_spinlock_t * l) noexcept, (l), take(l, OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_spin_trylock, (pthread_spinlock_t * l) noexcept, (l), take(l, OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_LOCK(pthread_spin_unlock, (pthread_spinlock_t * l) noexcept, (l), release_lock(l, HEDDLE_CALLER))

HEDDLE_CALL(int, pthread_once, (pthread_once_t * once, void (*routine)()), (once, routine),
            once_only(once, routine, HEDDLE_CALLER))

// The same for those of ISO C.
namespace c11 = heddle::trace::c11;

// An interposed function that on threads takes or lets go of the mutex as well.
#define HEDDLE_C11_LOCK(name, call, parameters, arguments, action) \
    HEDDLE_CALL(int, name, parameters, arguments,                  \
                c11::status_of(also(action, [&]() noexcept { return HEDDLE_REAL(call)(c11::mutex_of(m)); })))

HEDDLE_EXPORT int mtx_init(mtx_t* m, int type) noexcept {
    if (g_exploring) forget(m);
    return HEDDLE_REAL(mtx_init)(m, type);
}
HEDDLE_EXPORT void mtx_destroy(mtx_t* m) noexcept {
    if (!g_exploring) return HEDDLE_REAL(mtx_destroy)(m);
    HEDDLE_PASS_HOOK();
    destroy(m, HEDDLE_CALLER);
}
HEDDLE_C11_LOCK(mtx_lock, pthread_mutex_lock, (mtx_t * m), (m),
                lock_mutex(c11::mutex_of(m), OperationKind::kLock, HEDDLE_CALLER))
HEDDLE_C11_LOCK(mtx_trylock, pthread_mutex_trylock, (mtx_t * m), (m),
                lock_mutex(c11::mutex_of(m), OperationKind::kTryLock, HEDDLE_CALLER))
HEDDLE_C11_LOCK(mtx_timedlock, pthread_mutex_lock, (mtx_t * m, const timespec* t), (m, t),
                lock_mutex(c11::mutex_of(m), OperationKind::kTryLock, HEDDLE_CALLER) != 0 ? timed_out(t) : 0)
HEDDLE_C11_LOCK(mtx_unlock, pthread_mutex_unlock, (mtx_t * m), (m), release_lock(m, HEDDLE_CALLER))
HEDDLE_EXPORT void call_once(once_flag* flag, void (*routine)()) {
    if (!g_exploring) return HEDDLE_REAL(call_once)(flag, routine);
    HEDDLE_PASS_HOOK();
    once_only(c11::once_of(flag), routine, HEDDLE_CALLER);
}
