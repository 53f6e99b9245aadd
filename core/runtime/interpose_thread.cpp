// Threads: create, join, detach, exit, yield, names.
#include <linux/futex.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/runtime/library_access.h"
#include "core/trace/c11_threads.h"
#include "core/trace/stored_calls.h"

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

int create_thread(pthread_t* out, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument,
                  std::uintptr_t pc) {
    real::ensure();
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

int join_thread(pthread_t thread, void** result, std::uintptr_t pc) {
    return pthread_call(CallId::kThreadJoin, reinterpret_cast<void*>(thread), 0, pc,
                        [&] { return real::pthread_join(thread, result); });
}

int detach_thread(pthread_t thread, std::uintptr_t pc) {
    return pthread_end_only(CallId::kThreadDetach, reinterpret_cast<void*>(thread), pc,
                            [&] { return real::pthread_detach(thread); });
}

[[noreturn]] void exit_thread(void* result, std::uintptr_t pc) {
    call_begin(CallId::kThreadExit, static_cast<std::uintptr_t>(pthread_self()), 0, pc);
    real::pthread_exit(result);
    __builtin_unreachable();
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
using namespace heddle::trace::stores;

// libc stores the thread's name before the thread begins.
HEDDLE_EXPORT int pthread_create(pthread_t* out, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument) {
    auto access = library_access(__builtin_return_address(0), nullptr);
    stores(access, out);
    const int error = create_thread(out, attributes, routine, argument, HEDDLE_CALLER);
    access.show();
    return error;
}
HEDDLE_EXPORT int pthread_join(pthread_t thread, void** result) {
    auto access = library_access(__builtin_return_address(0), nullptr);
    void* value = nullptr;
    const int error = join_thread(thread, &value, HEDDLE_CALLER);
    if (error != 0 || result == nullptr) return error;
    stores(access, result);
    *result = value;
    access.show();
    return 0;
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
    return detach_thread(thread, HEDDLE_CALLER);
}
HEDDLE_EXPORT void pthread_exit(void* result) {
    exit_thread(result, HEDDLE_CALLER);
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

// The same for the threads of ISO C.
namespace c11 = heddle::trace::c11;

HEDDLE_EXPORT int thrd_create(thrd_t* out, thrd_start_t function, void* argument) {
    return c11::status_of(create_thread(out, nullptr, c11::routine_of(function), argument, HEDDLE_CALLER));
}
HEDDLE_EXPORT int thrd_join(thrd_t thread, int* result) {
    void* value = nullptr;
    const int error = join_thread(thread, &value, HEDDLE_CALLER);
    if (error == 0 && result != nullptr) *result = c11::result_of(value);
    return c11::status_of(error);
}
HEDDLE_EXPORT int thrd_detach(thrd_t thread) {
    return c11::status_of(detach_thread(thread, HEDDLE_CALLER));
}
HEDDLE_EXPORT void thrd_exit(int result) {
    exit_thread(c11::value_of(result), HEDDLE_CALLER);
}
HEDDLE_EXPORT void thrd_yield() {
    errno_call(CallId::kThreadYield, nullptr, 0, HEDDLE_CALLER, [] { return real::sched_yield(); });
}
