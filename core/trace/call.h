// CallId: the library calls the runtime stands in front of, and the names they are shown by. Part of the arena and file
// formats: append, never renumber. kCallBegin is recorded before the real call, kCallEnd after it; a call that cannot block
// and has no waiting to show records kCallEnd only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace heddle::trace {

enum class CallId : std::uint8_t {
    kNone,
    // thread: object = pthread_t of the other thread; create's result value on success = new thread's tid
    kThreadCreate,
    kThreadJoin,
    kThreadDetach,
    kThreadExit,
    kThreadYield,
    // object = the lock
    kMutexInit,
    kMutexDestroy,
    kMutexLock,
    kMutexTryLock,
    kMutexTimedLock,
    kMutexUnlock,
    kRwlockInit,
    kRwlockDestroy,
    kRwlockReadLock,
    kRwlockTryReadLock,
    kRwlockTimedReadLock,
    kRwlockWriteLock,
    kRwlockTryWriteLock,
    kRwlockTimedWriteLock,
    kRwlockUnlock,
    kSpinInit,
    kSpinDestroy,
    kSpinLock,
    kSpinTryLock,
    kSpinUnlock,
    // object = the condition variable, argument = the mutex
    kCondInit,
    kCondDestroy,
    kCondWait,
    kCondTimedWait,
    kCondSignal,
    kCondBroadcast,
    kBarrierInit,
    kBarrierDestroy,
    kBarrierWait,
    kOnce,
    // object = the semaphore; init: argument = permits
    kSemInit,
    kSemDestroy,
    kSemOpen,
    kSemClose,
    kSemWait,
    kSemTryWait,
    kSemTimedWait,
    kSemPost,
    // object = the futex word; argument = expected value (wait) or count (wake)
    kFutexWait,
    kFutexWake,
    // malloc family: kCallEnd only; object = the block, argument/result = bytes. free: object = the block
    kMalloc,
    kCalloc,
    kRealloc,
    kAlignedAlloc,
    kFree,
    kNew,
    kDelete,
    kMmap,
    kMunmap,
    kBrk,
    // process: fork's result = child pid; exec: payload-free, the image is in the next ProcessSample; wait: argument = pid, and
    // at its end object = wait status, result = the process reaped
    kFork,
    kVfork,
    kSpawn,
    kExec,
    kWait,
    kExit,
    // object = 0, argument = signal (kill: result = target pid)
    kKill,
    kRaise,
    kSigaction,
    kSigmask,
    kSigwait,
    kPause,
    // argument = nanoseconds
    kSleep,
    // argument = fd (pipe: read end | write end << 32); result = bytes
    kOpen,
    kClose,
    kRead,
    kWrite,
    kPipe,
    kDup,
    kPoll,
    kSelect,
    kEpollWait,
    kSocket,
    kConnect,
    kAccept,
    kSend,
    kReceive,
    kFsync,
    // not the program's own: it stands still at its start and just before its end, so that Heddle can look at its memory
    kLook,
    // object = the guard of a function's static variable; acquire's result 1: this thread initializes it. The others: kCallEnd
    // only, recorded before they let the next one come
    kGuardAcquire,
    kGuardRelease,
    kGuardAbort,
    // kCallEnd only, before that of the mmap, sem_open or shmat that it belongs to: what is mapped can be shared with other
    // processes. object = what it is, the same for all of them; result = where in it
    kSharedObject,
    // System V shared memory, kCallEnd only. get: object = the key, result = the segment's id; attach, with a kSharedObject
    // before: object = where, result = bytes; detach: object = where
    kShmGet,
    kShmAttach,
    kShmDetach,
    // kCallEnd only, of a kOnce: this thread begins its routine; an exception, longjmp or its end has left it, and the call
    kOnceRuns,
    kOnceLeft,
    // not the program's own, kCallEnd only: object = where a LibraryState lies, result = which
    kLibraryState,
    kCount,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(CallId::kCount)> kCallNames = {
    "",
    "pthread_create",
    "pthread_join",
    "pthread_detach",
    "pthread_exit",
    "sched_yield",
    "pthread_mutex_init",
    "pthread_mutex_destroy",
    "pthread_mutex_lock",
    "pthread_mutex_trylock",
    "pthread_mutex_timedlock",
    "pthread_mutex_unlock",
    "pthread_rwlock_init",
    "pthread_rwlock_destroy",
    "pthread_rwlock_rdlock",
    "pthread_rwlock_tryrdlock",
    "pthread_rwlock_timedrdlock",
    "pthread_rwlock_wrlock",
    "pthread_rwlock_trywrlock",
    "pthread_rwlock_timedwrlock",
    "pthread_rwlock_unlock",
    "pthread_spin_init",
    "pthread_spin_destroy",
    "pthread_spin_lock",
    "pthread_spin_trylock",
    "pthread_spin_unlock",
    "pthread_cond_init",
    "pthread_cond_destroy",
    "pthread_cond_wait",
    "pthread_cond_timedwait",
    "pthread_cond_signal",
    "pthread_cond_broadcast",
    "pthread_barrier_init",
    "pthread_barrier_destroy",
    "pthread_barrier_wait",
    "pthread_once",
    "sem_init",
    "sem_destroy",
    "sem_open",
    "sem_close",
    "sem_wait",
    "sem_trywait",
    "sem_timedwait",
    "sem_post",
    "futex wait",
    "futex wake",
    "malloc",
    "calloc",
    "realloc",
    "aligned_alloc",
    "free",
    "operator new",
    "operator delete",
    "mmap",
    "munmap",
    "brk",
    "fork",
    "vfork",
    "posix_spawn",
    "exec",
    "wait",
    "exit",
    "kill",
    "raise",
    "sigaction",
    "pthread_sigmask",
    "sigwait",
    "pause",
    "sleep",
    "open",
    "close",
    "read",
    "write",
    "pipe",
    "dup",
    "poll",
    "select",
    "epoll_wait",
    "socket",
    "connect",
    "accept",
    "send",
    "recv",
    "fsync",
    "look",
    "static variable",
    "static variable done",
    "static variable given up",
    "shared object",
    "shmget",
    "shmat",
    "shmdt",
    "once routine",
    "once routine left",
    "library state",
};

// Name for the screen; empty for a number no CallId has.
constexpr std::string_view call_name(CallId id) {
    const auto index = static_cast<std::size_t>(id);
    return index < kCallNames.size() ? kCallNames[index] : std::string_view{};
}

// Whose begin an end belongs to.
constexpr CallId begun_as(CallId end) {
    return end == CallId::kOnceLeft ? CallId::kOnce : end;
}

// How a call holds its lock once it has succeeded.
enum class LockMode : std::uint8_t { kNone, kShared, kExclusive };

constexpr LockMode lock_taken_by(CallId call) {
    switch (call) {
        case CallId::kMutexLock:
        case CallId::kMutexTryLock:
        case CallId::kMutexTimedLock:
        case CallId::kRwlockWriteLock:
        case CallId::kRwlockTryWriteLock:
        case CallId::kRwlockTimedWriteLock:
        case CallId::kSpinLock:
        case CallId::kSpinTryLock:
            return LockMode::kExclusive;
        case CallId::kRwlockReadLock:
        case CallId::kRwlockTryReadLock:
        case CallId::kRwlockTimedReadLock:
            return LockMode::kShared;
        default:
            return LockMode::kNone;
    }
}

}  // namespace heddle::trace
