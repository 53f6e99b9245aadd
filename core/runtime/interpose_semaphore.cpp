// Semaphores, and the futexes that C++20's latch, barrier, semaphore and atomic::wait reach through syscall().
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "core/runtime/interpose.h"
#include "core/runtime/shared_objects.h"

using namespace heddle::runtime;

HEDDLE_EXPORT int sem_init(sem_t* s, int shared, unsigned permits) noexcept {
    return errno_call(CallId::kSemInit, s, permits, HEDDLE_CALLER, [&] { return real::sem_init(s, shared, permits); });
}
HEDDLE_EXPORT int sem_destroy(sem_t* s) noexcept {
    return errno_end_only(CallId::kSemDestroy, s, HEDDLE_CALLER, [&] { return real::sem_destroy(s); });
}
HEDDLE_EXPORT sem_t* sem_open(const char* name, int flags, ...) noexcept {
    va_list list;
    va_start(list, flags);
    const auto mode = va_arg(list, unsigned);
    const auto permits = va_arg(list, unsigned);
    va_end(list);
    const auto pc = HEDDLE_CALLER;
    call_begin(CallId::kSemOpen, 0, (flags & O_CREAT) != 0 ? permits : 0, pc);
    sem_t* opened;
    {
        const Quiet quiet;
        opened = real::sem_open(name, flags, mode, permits);
    }
    if (opened != SEM_FAILED) call_end(CallId::kSharedObject, object_of_semaphore(name), 0, pc);
    call_end(CallId::kSemOpen, opened == SEM_FAILED ? 0 : address_of(opened),
             opened == SEM_FAILED ? -static_cast<std::int64_t>(errno) : 0, pc);
    return opened;
}
HEDDLE_EXPORT int sem_close(sem_t* s) noexcept {
    settle(self());
    return errno_end_only(CallId::kSemClose, s, HEDDLE_CALLER, [&] {
        const Quiet quiet;
        return real::sem_close(s);
    });
}
HEDDLE_EXPORT int sem_wait(sem_t* s) {
    return errno_call(CallId::kSemWait, s, 0, HEDDLE_CALLER, [&] { return real::sem_wait(s); });
}
HEDDLE_EXPORT int sem_trywait(sem_t* s) noexcept {
    return errno_call(CallId::kSemTryWait, s, 0, HEDDLE_CALLER, [&] { return real::sem_trywait(s); });
}
HEDDLE_EXPORT int sem_timedwait(sem_t* s, const timespec* until) {
    return errno_call(CallId::kSemTimedWait, s, 0, HEDDLE_CALLER, [&] { return real::sem_timedwait(s, until); });
}
HEDDLE_EXPORT int sem_clockwait(sem_t* s, clockid_t clock, const timespec* until) {
    return errno_call(CallId::kSemTimedWait, s, 0, HEDDLE_CALLER, [&] { return real::sem_clockwait(s, clock, until); });
}
HEDDLE_EXPORT int sem_post(sem_t* s) noexcept {
    return errno_call(CallId::kSemPost, s, 0, HEDDLE_CALLER, [&] { return real::sem_post(s); });
}

namespace {

bool is_futex_wait(long operation) {
    const long command = operation & FUTEX_CMD_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI ||
           command == FUTEX_WAIT_REQUEUE_PI;
}

// A process made behind libc's back: the child finds its own slot when it comes back with another process id.
bool makes_process(long number, const long* a) {
#if defined(SYS_fork)
    if (number == SYS_fork) return true;
#endif
    constexpr long kSharesMemory = 0x100;  // CLONE_VM
    return number == SYS_clone && (a[0] & kSharesMemory) == 0;
}

long call(long number, const long* a) {
    return real::syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

}  // namespace

HEDDLE_EXPORT long syscall(long number, ...) noexcept {
    va_list list;
    va_start(list, number);
    long a[6];
    for (long& argument : a) argument = va_arg(list, long);
    va_end(list);
    real::ensure();
    if (number == SYS_futex) {
        const auto id = is_futex_wait(a[1]) ? CallId::kFutexWait : CallId::kFutexWake;
        return errno_call(id, reinterpret_cast<void*>(a[0]), static_cast<std::uint32_t>(a[2]), HEDDLE_CALLER,
                          [&] { return call(number, a); });
    }
    if (makes_process(number, a) && g_process.attached.load()) {
        settle(self());
        const long result = call(number, a);
        if (result == 0 && current_pid() != g_process.pid && self().slot != nullptr) restart_in_child();
        return result;
    }
    return call(number, a);
}
