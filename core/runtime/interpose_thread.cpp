// Threads: create, join, detach, exit, yield, names, once.
#include <linux/futex.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/runtime/interpose.h"

namespace heddle::runtime {

// From a creator to its new thread. In a fixed pool: an allocation of the runtime's would move the program's own.
struct StartNote {
    std::atomic<std::uint32_t> owners;  // 0: free; 2: creator and thread; 1: one of them is done with it
    std::atomic<bool> creator_done;
    void* (*routine)(void*);
    void* argument;
    std::int32_t creator;
};

namespace {

constinit StartNote g_notes[kMostThreads]{};

StartNote* take_note() {
    for (StartNote& note : g_notes) {
        std::uint32_t free = 0;
        if (note.owners.load(std::memory_order_relaxed) == 0 && note.owners.compare_exchange_strong(free, 2)) return &note;
    }
    return nullptr;
}

void* run_thread(void* argument) {
    auto* note = static_cast<StartNote*>(argument);
    void* (*routine)(void*) = note->routine;
    void* own_argument = note->argument;
    ThreadState& thread = self();
    thread.start_note = note;
    if (thread.phase == Phase::kUnknown) {
        claim_thread(thread, {.routine = reinterpret_cast<std::uintptr_t>(routine), .creator = note->creator});
    }
    if (thread.phase != Phase::kReady) await_creator(thread);
    return routine(own_argument);
}

// The kernel's id of a thread that has not ended, as libc knows it (man 3 pthread_getcpuclockid, clock ids of the kernel ABI).
std::int64_t tid_of(pthread_t thread) {
    clockid_t clock = 0;
    if (pthread_getcpuclockid(thread, &clock) != 0) return 0;
    return ~(clock >> 3);
}

}  // namespace

void await_creator(ThreadState& thread) {
    StartNote* note = thread.start_note;
    if (note == nullptr) return;
    thread.start_note = nullptr;
    // The creator is between two instructions of pthread_create; bounded, because it may have been cancelled there.
    for (int i = 0; i < 1000 && !note->creator_done.load(std::memory_order_acquire); ++i) {
        timespec pause{0, 100'000};
        arch::system_call(i < 10 ? SYS_sched_yield : SYS_nanosleep, reinterpret_cast<long>(&pause), 0);
    }
    note->owners.fetch_sub(1);
}

}  // namespace heddle::runtime

using namespace heddle::runtime;

HEDDLE_EXPORT int pthread_create(pthread_t* out, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument) {
    real::ensure();
    const auto pc = HEDDLE_CALLER;
    ThreadState& thread = self();
    StartNote* note = nullptr;
    if (g_process.attached.load(std::memory_order_acquire) && !thread.in_vfork) note = take_note();
    call_begin(CallId::kThreadCreate, 0, reinterpret_cast<std::uintptr_t>(routine), pc);
    int error;
    if (note == nullptr) {
        const Quiet quiet;
        error = real::pthread_create(out, attributes, routine, argument);
    } else {
        note->creator_done.store(false, std::memory_order_relaxed);
        note->routine = routine;
        note->argument = argument;
        note->creator = thread.tid;
        const Quiet quiet;
        error = real::pthread_create(out, attributes, run_thread, note);
    }
    const std::int64_t result = error != 0 ? -static_cast<std::int64_t>(error) : note != nullptr ? tid_of(*out) : 0;
    if (note != nullptr) {
        note->creator_done.store(true, std::memory_order_release);
        note->owners.fetch_sub(error == 0 ? 1 : 2);
    }
    call_end(CallId::kThreadCreate, error == 0 ? static_cast<std::uintptr_t>(*out) : 0, result, pc);
    return error;
}

HEDDLE_EXPORT int pthread_join(pthread_t thread, void** result) {
    return pthread_call(CallId::kThreadJoin, reinterpret_cast<void*>(thread), 0, HEDDLE_CALLER,
                        [&] { return real::pthread_join(thread, result); });
}
HEDDLE_EXPORT int pthread_tryjoin_np(pthread_t thread, void** result) {
    return pthread_call(CallId::kThreadJoin, reinterpret_cast<void*>(thread), 0, HEDDLE_CALLER,
                        [&] { return real::pthread_tryjoin_np(thread, result); });
}
HEDDLE_EXPORT int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
    return pthread_call(CallId::kThreadJoin, reinterpret_cast<void*>(thread), 0, HEDDLE_CALLER,
                        [&] { return real::pthread_timedjoin_np(thread, result, until); });
}
HEDDLE_EXPORT int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
    return pthread_call(CallId::kThreadJoin, reinterpret_cast<void*>(thread), 0, HEDDLE_CALLER,
                        [&] { return real::pthread_clockjoin_np(thread, result, clock, until); });
}
HEDDLE_EXPORT int pthread_detach(pthread_t thread) {
    return pthread_end_only(CallId::kThreadDetach, reinterpret_cast<void*>(thread), HEDDLE_CALLER,
                            [&] { return real::pthread_detach(thread); });
}
HEDDLE_EXPORT void pthread_exit(void* result) {
    call_begin(CallId::kThreadExit, static_cast<std::uintptr_t>(pthread_self()), 0, HEDDLE_CALLER);
    real::pthread_exit(result);
    __builtin_unreachable();
}
HEDDLE_EXPORT int sched_yield() noexcept {
    return errno_call(CallId::kThreadYield, nullptr, 0, HEDDLE_CALLER, [] { return real::sched_yield(); });
}
HEDDLE_EXPORT int pthread_setname_np(pthread_t thread, const char* name) noexcept {
    real::ensure();
    const int error = real::pthread_setname_np(thread, name);
    if (error == 0 && pthread_equal(thread, pthread_self()) != 0) {
        emit_payload(self(), heddle::trace::Kind::kThreadName, 0, HEDDLE_CALLER, 0, name, strnlen(name, 15));
    }
    return error;
}
HEDDLE_EXPORT int prctl(int option, ...) noexcept {
    va_list list;
    va_start(list, option);
    unsigned long a[4];
    for (unsigned long& argument : a) argument = va_arg(list, unsigned long);
    va_end(list);
    real::ensure();
    const int result = real::prctl(option, a[0], a[1], a[2], a[3]);
    if (option == PR_SET_NAME && result == 0) {
        const auto* name = reinterpret_cast<const char*>(a[0]);
        emit_payload(self(), heddle::trace::Kind::kThreadName, 0, HEDDLE_CALLER, 0, name, strnlen(name, 15));
    }
    return result;
}

HEDDLE_EXPORT int pthread_once(pthread_once_t* once, void (*routine)()) {
    return pthread_call(CallId::kOnce, once, reinterpret_cast<std::uintptr_t>(routine), HEDDLE_CALLER,
                        [&] { return real::pthread_once(once, routine); });
}
