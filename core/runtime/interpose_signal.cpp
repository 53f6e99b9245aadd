// Sending and awaiting signals, masks, sleeping. Dispositions and deliveries are in signals.cpp.
#include "core/runtime/library_access.h"
#include "core/trace/stored_calls.h"

using namespace heddle::runtime;

namespace {

std::uint64_t nanoseconds(const timespec* span) {
    if (span == nullptr || span->tv_sec < 0) return 0;
    return static_cast<std::uint64_t>(span->tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(span->tv_nsec);
}

}  // namespace

HEDDLE_EXPORT int kill(pid_t pid, int number) noexcept {
    const auto pc = HEDDLE_CALLER;
    call_begin(CallId::kKill, 0, static_cast<std::uint64_t>(number), pc);
    const int result = real::kill(pid, number);
    call_end(CallId::kKill, 0, result == -1 ? -static_cast<std::int64_t>(errno) : pid, pc);
    return result;
}
HEDDLE_EXPORT int pthread_kill(pthread_t thread, int number) noexcept {
    return pthread_call(CallId::kKill, reinterpret_cast<void*>(thread), static_cast<std::uint64_t>(number), HEDDLE_CALLER,
                        [&] { return real::pthread_kill(thread, number); });
}
HEDDLE_EXPORT int raise(int number) noexcept {
    return errno_call(CallId::kRaise, nullptr, static_cast<std::uint64_t>(number), HEDDLE_CALLER,
                      [&] { return real::raise(number); });
}
HEDDLE_EXPORT int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) noexcept {
    return pthread_end_only(CallId::kSigmask, nullptr, HEDDLE_CALLER, [&] { return real::pthread_sigmask(how, set, old); });
}
HEDDLE_EXPORT int sigprocmask(int how, const sigset_t* set, sigset_t* old) noexcept {
    return errno_end_only(CallId::kSigmask, nullptr, HEDDLE_CALLER, [&] { return real::sigprocmask(how, set, old); });
}
HEDDLE_EXPORT int sigwait(const sigset_t* set, int* number) {
    return pthread_call(CallId::kSigwait, nullptr, 0, HEDDLE_CALLER, [&] { return real::sigwait(set, number); });
}
HEDDLE_EXPORT int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
    return errno_call(CallId::kSigwait, nullptr, 0, HEDDLE_CALLER, [&] { return real::sigwaitinfo(set, info); });
}
HEDDLE_EXPORT int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
    return errno_call(CallId::kSigwait, nullptr, 0, HEDDLE_CALLER, [&] { return real::sigtimedwait(set, info, timeout); });
}
HEDDLE_EXPORT int sigsuspend(const sigset_t* mask) {
    return errno_call(CallId::kPause, nullptr, 0, HEDDLE_CALLER, [&] { return real::sigsuspend(mask); });
}
HEDDLE_EXPORT int pause() {
    return errno_call(CallId::kPause, nullptr, 0, HEDDLE_CALLER, [] { return real::pause(); });
}

HEDDLE_EXPORT unsigned sleep(unsigned seconds) {
    const auto pc = HEDDLE_CALLER;
    call_begin(CallId::kSleep, 0, seconds * std::uint64_t{1'000'000'000}, pc);
    const unsigned left = real::sleep(seconds);
    call_end(CallId::kSleep, 0, left, pc);
    return left;
}
HEDDLE_EXPORT int usleep(useconds_t microseconds) {
    return errno_call(CallId::kSleep, nullptr, microseconds * std::uint64_t{1000}, HEDDLE_CALLER,
                      [&] { return real::usleep(microseconds); });
}
HEDDLE_EXPORT int nanosleep(const timespec* span, timespec* left) {
    auto access = library_access(__builtin_return_address(0), nullptr);
    const int done =
        errno_call(CallId::kSleep, nullptr, nanoseconds(span), HEDDLE_CALLER, [&] { return real::nanosleep(span, left); });
    const heddle::trace::KeptErrno kept;
    heddle::trace::stores::has_stored(access, left, done == -1 && errno == EINTR);
    access.show();
    return done;
}
HEDDLE_EXPORT int thrd_sleep(const timespec* span, timespec* left) {
    return errno_call(CallId::kSleep, nullptr, nanoseconds(span), HEDDLE_CALLER, [&] { return real::nanosleep(span, left); });
}
HEDDLE_EXPORT int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    return pthread_call(CallId::kSleep, nullptr, nanoseconds(time), HEDDLE_CALLER,
                        [&] { return real::clock_nanosleep(clock, flags, time, left); });
}
