// Locks: mutexes of all kinds, read-write locks, spin locks, condition variables, barriers.
#include "core/runtime/interpose.h"
#include "core/trace/c11_threads.h"

using namespace heddle::runtime;

#define HEDDLE_LOCK_CALL(id, object, argument, call) \
    return pthread_call(CallId::id, object, argument, HEDDLE_CALLER, [&] { return real::call; })
#define HEDDLE_LOCK_END(id, object, call) return pthread_end_only(CallId::id, object, HEDDLE_CALLER, [&] { return real::call; })

HEDDLE_EXPORT int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* a) noexcept {
    HEDDLE_LOCK_END(kMutexInit, m, pthread_mutex_init(m, a));
}
HEDDLE_EXPORT int pthread_mutex_destroy(pthread_mutex_t* m) noexcept {
    HEDDLE_LOCK_END(kMutexDestroy, m, pthread_mutex_destroy(m));
}
HEDDLE_EXPORT int pthread_mutex_lock(pthread_mutex_t* m) noexcept {
    HEDDLE_LOCK_CALL(kMutexLock, m, 0, pthread_mutex_lock(m));
}
HEDDLE_EXPORT int pthread_mutex_trylock(pthread_mutex_t* m) noexcept {
    HEDDLE_LOCK_CALL(kMutexTryLock, m, 0, pthread_mutex_trylock(m));
}
HEDDLE_EXPORT int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* until) noexcept {
    HEDDLE_LOCK_CALL(kMutexTimedLock, m, 0, pthread_mutex_timedlock(m, until));
}
HEDDLE_EXPORT int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock, const timespec* until) noexcept {
    HEDDLE_LOCK_CALL(kMutexTimedLock, m, 0, pthread_mutex_clocklock(m, clock, until));
}
HEDDLE_EXPORT int pthread_mutex_unlock(pthread_mutex_t* m) noexcept {
    // Recorded before as well: once the lock is free another thread may take it before this one can say that it let go.
    HEDDLE_LOCK_CALL(kMutexUnlock, m, 0, pthread_mutex_unlock(m));
}

HEDDLE_EXPORT int pthread_rwlock_init(pthread_rwlock_t* l, const pthread_rwlockattr_t* a) noexcept {
    HEDDLE_LOCK_END(kRwlockInit, l, pthread_rwlock_init(l, a));
}
HEDDLE_EXPORT int pthread_rwlock_destroy(pthread_rwlock_t* l) noexcept {
    HEDDLE_LOCK_END(kRwlockDestroy, l, pthread_rwlock_destroy(l));
}
HEDDLE_EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kRwlockReadLock, l, 0, pthread_rwlock_rdlock(l));
}
HEDDLE_EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kRwlockTryReadLock, l, 0, pthread_rwlock_tryrdlock(l));
}
HEDDLE_EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t* l, const timespec* until) noexcept {
    HEDDLE_LOCK_CALL(kRwlockTimedReadLock, l, 0, pthread_rwlock_timedrdlock(l, until));
}
HEDDLE_EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t* l, clockid_t clock, const timespec* until) noexcept {
    HEDDLE_LOCK_CALL(kRwlockTimedReadLock, l, 0, pthread_rwlock_clockrdlock(l, clock, until));
}
HEDDLE_EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kRwlockWriteLock, l, 0, pthread_rwlock_wrlock(l));
}
HEDDLE_EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kRwlockTryWriteLock, l, 0, pthread_rwlock_trywrlock(l));
}
HEDDLE_EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t* l, const timespec* until) noexcept {
    HEDDLE_LOCK_CALL(kRwlockTimedWriteLock, l, 0, pthread_rwlock_timedwrlock(l, until));
}
HEDDLE_EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t* l, clockid_t clock, const timespec* until) noexcept {
    HEDDLE_LOCK_CALL(kRwlockTimedWriteLock, l, 0, pthread_rwlock_clockwrlock(l, clock, until));
}
HEDDLE_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kRwlockUnlock, l, 0, pthread_rwlock_unlock(l));
}

HEDDLE_EXPORT int pthread_spin_init(pthread_spinlock_t* l, int shared) noexcept {
    HEDDLE_LOCK_END(kSpinInit, l, pthread_spin_init(l, shared));
}
HEDDLE_EXPORT int pthread_spin_destroy(pthread_spinlock_t* l) noexcept {
    HEDDLE_LOCK_END(kSpinDestroy, l, pthread_spin_destroy(l));
}
HEDDLE_EXPORT int pthread_spin_lock(pthread_spinlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kSpinLock, l, 0, pthread_spin_lock(l));
}
HEDDLE_EXPORT int pthread_spin_trylock(pthread_spinlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kSpinTryLock, l, 0, pthread_spin_trylock(l));
}
HEDDLE_EXPORT int pthread_spin_unlock(pthread_spinlock_t* l) noexcept {
    HEDDLE_LOCK_CALL(kSpinUnlock, l, 0, pthread_spin_unlock(l));
}

HEDDLE_EXPORT int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* a) noexcept {
    HEDDLE_LOCK_END(kCondInit, c, pthread_cond_init(c, a));
}
HEDDLE_EXPORT int pthread_cond_destroy(pthread_cond_t* c) noexcept {
    HEDDLE_LOCK_END(kCondDestroy, c, pthread_cond_destroy(c));
}
HEDDLE_EXPORT int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
    HEDDLE_LOCK_CALL(kCondWait, c, address_of(m), pthread_cond_wait(c, m));
}
HEDDLE_EXPORT int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m, const timespec* until) {
    HEDDLE_LOCK_CALL(kCondTimedWait, c, address_of(m), pthread_cond_timedwait(c, m, until));
}
HEDDLE_EXPORT int pthread_cond_clockwait(pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock, const timespec* until) {
    HEDDLE_LOCK_CALL(kCondTimedWait, c, address_of(m), pthread_cond_clockwait(c, m, clock, until));
}
HEDDLE_EXPORT int pthread_cond_signal(pthread_cond_t* c) noexcept {
    HEDDLE_LOCK_CALL(kCondSignal, c, 0, pthread_cond_signal(c));
}
HEDDLE_EXPORT int pthread_cond_broadcast(pthread_cond_t* c) noexcept {
    HEDDLE_LOCK_CALL(kCondBroadcast, c, 0, pthread_cond_broadcast(c));
}

HEDDLE_EXPORT int pthread_barrier_init(pthread_barrier_t* b, const pthread_barrierattr_t* a, unsigned count) noexcept {
    HEDDLE_LOCK_CALL(kBarrierInit, b, count, pthread_barrier_init(b, a, count));
}
HEDDLE_EXPORT int pthread_barrier_destroy(pthread_barrier_t* b) noexcept {
    HEDDLE_LOCK_END(kBarrierDestroy, b, pthread_barrier_destroy(b));
}
HEDDLE_EXPORT int pthread_barrier_wait(pthread_barrier_t* b) noexcept {
    // PTHREAD_BARRIER_SERIAL_THREAD is -1: one thread's result is +1 here, the others' 0.
    HEDDLE_LOCK_CALL(kBarrierWait, b, 0, pthread_barrier_wait(b));
}

// The locks of ISO C.
namespace c11 = heddle::trace::c11;
#define HEDDLE_C11_CALL(id, object, argument, call) \
    c11::status_of(pthread_call(CallId::id, object, argument, HEDDLE_CALLER, [&] { return real::call; }))
#define HEDDLE_C11_END(id, object, call) \
    c11::status_of(pthread_end_only(CallId::id, object, HEDDLE_CALLER, [&] { return real::call; }))

HEDDLE_EXPORT int mtx_init(mtx_t* m, int type) noexcept {
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    if ((type & mtx_recursive) != 0) pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    return HEDDLE_C11_END(kMutexInit, m, pthread_mutex_init(c11::mutex_of(m), &kind));
}
HEDDLE_EXPORT void mtx_destroy(mtx_t* m) noexcept {
    HEDDLE_C11_END(kMutexDestroy, m, pthread_mutex_destroy(c11::mutex_of(m)));
}
HEDDLE_EXPORT int mtx_lock(mtx_t* m) {
    return HEDDLE_C11_CALL(kMutexLock, m, 0, pthread_mutex_lock(c11::mutex_of(m)));
}
HEDDLE_EXPORT int mtx_trylock(mtx_t* m) {
    return HEDDLE_C11_CALL(kMutexTryLock, m, 0, pthread_mutex_trylock(c11::mutex_of(m)));
}
HEDDLE_EXPORT int mtx_timedlock(mtx_t* m, const timespec* until) {
    return HEDDLE_C11_CALL(kMutexTimedLock, m, 0, pthread_mutex_timedlock(c11::mutex_of(m), until));
}
HEDDLE_EXPORT int mtx_unlock(mtx_t* m) {
    return HEDDLE_C11_CALL(kMutexUnlock, m, 0, pthread_mutex_unlock(c11::mutex_of(m)));
}
HEDDLE_EXPORT int cnd_init(cnd_t* c) {
    return HEDDLE_C11_END(kCondInit, c, pthread_cond_init(c11::condition_of(c), nullptr));
}
HEDDLE_EXPORT void cnd_destroy(cnd_t* c) {
    HEDDLE_C11_END(kCondDestroy, c, pthread_cond_destroy(c11::condition_of(c)));
}
HEDDLE_EXPORT int cnd_wait(cnd_t* c, mtx_t* m) {
    return HEDDLE_C11_CALL(kCondWait, c, address_of(m), pthread_cond_wait(c11::condition_of(c), c11::mutex_of(m)));
}
HEDDLE_EXPORT int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* until) {
    return HEDDLE_C11_CALL(kCondTimedWait, c, address_of(m),
                           pthread_cond_timedwait(c11::condition_of(c), c11::mutex_of(m), until));
}
HEDDLE_EXPORT int cnd_signal(cnd_t* c) {
    return HEDDLE_C11_CALL(kCondSignal, c, 0, pthread_cond_signal(c11::condition_of(c)));
}
HEDDLE_EXPORT int cnd_broadcast(cnd_t* c) {
    return HEDDLE_C11_CALL(kCondBroadcast, c, 0, pthread_cond_broadcast(c11::condition_of(c)));
}
