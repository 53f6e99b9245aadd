#include "core/fibers/clock.h"

#include <errno.h>
#include <sys/time.h>

#include "core/fibers/cycles.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;                      // in ns
constexpr std::uint64_t kFirstReal = 1'700'000'000, kFirstOther = 1'000;  // in s, when the execution begins

std::uint64_t first_second(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI ? kFirstReal : kFirstOther;
}

}  // namespace

void time_passes(const timespec& span) {
    g_logical_ns += static_cast<std::uint64_t>(span.tv_sec) * kSecond + static_cast<std::uint64_t>(span.tv_nsec);
}

void time_reaches(const timespec& moment) {
    const auto second = static_cast<std::uint64_t>(moment.tv_sec);
    const std::uint64_t first = second >= kFirstReal ? kFirstReal : kFirstOther;
    if (moment.tv_sec < 0 || second < first) return;  // over before the program began
    const std::uint64_t reached = (second - first) * kSecond + static_cast<std::uint64_t>(moment.tv_nsec);
    if (reached > g_logical_ns) g_logical_ns = reached;
}

int timed_out(const timespec* moment) {
    if (moment != nullptr) time_reaches(*moment);
    return ETIMEDOUT;
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int clock_gettime(clockid_t clock, timespec* out) noexcept {
    if (!g_exploring) return HEDDLE_REAL(clock_gettime)(clock, out);
    note_transfer();
    *out = {static_cast<time_t>(first_second(clock) + g_logical_ns / kSecond), static_cast<long>(g_logical_ns % kSecond)};
    return 0;
}
HEDDLE_EXPORT int timespec_get(timespec* out, int base) noexcept {
    if (!g_exploring || base != TIME_UTC) return HEDDLE_REAL(timespec_get)(out, base);
    clock_gettime(CLOCK_REALTIME, out);
    return base;
}
HEDDLE_EXPORT time_t time(time_t* out) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != nullptr) *out = now.tv_sec;
    return now.tv_sec;
}
HEDDLE_EXPORT int gettimeofday(timeval* out, void*) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    *out = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}
HEDDLE_EXPORT clock_t clock() noexcept {
    if (!g_exploring) return HEDDLE_REAL(clock)();
    note_transfer();
    return static_cast<clock_t>(g_logical_ns / (kSecond / CLOCKS_PER_SEC));
}

// A sleeping thread lets the others go first where a search lets it: how long it sleeps makes no difference to who goes on.
HEDDLE_EXPORT int nanosleep(const timespec* span, timespec* rest) {
    if (!g_exploring) return HEDDLE_REAL(nanosleep)(span, rest);
    time_passes(*span);
    return 0;
}
HEDDLE_EXPORT int clock_nanosleep(clockid_t clock, int how, const timespec* span, timespec* rest) {
    if (!g_exploring) return HEDDLE_REAL(clock_nanosleep)(clock, how, span, rest);
    if ((how & TIMER_ABSTIME) != 0) {
        time_reaches(*span);
    } else {
        time_passes(*span);
    }
    return 0;
}
HEDDLE_EXPORT int usleep(useconds_t span) {
    if (!g_exploring) return HEDDLE_REAL(usleep)(span);
    time_passes({static_cast<time_t>(span / 1'000'000), static_cast<long>(span % 1'000'000) * 1000});
    return 0;
}
HEDDLE_EXPORT unsigned sleep(unsigned span) {
    if (!g_exploring) return HEDDLE_REAL(sleep)(span);
    time_passes({static_cast<time_t>(span), 0});
    return 0;
}
HEDDLE_EXPORT int thrd_sleep(const timespec* span, timespec* rest) {
    return nanosleep(span, rest);
}
