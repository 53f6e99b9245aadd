#include "core/fibers/clock.h"

#include <errno.h>
#include <sys/time.h>

#include "core/fibers/cycles.h"
#include "core/fibers/library_access.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/trace/stored_calls.h"

namespace heddle::fibers {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;                          // in ns
constexpr std::uint64_t kFirstReal = 1'700'000'000, kFirstOther = 1'000;  // in s, when the execution begins

std::uint64_t nanoseconds(const timespec& span) {
    return static_cast<std::uint64_t>(span.tv_sec) * kSecond + static_cast<std::uint64_t>(span.tv_nsec);
}

std::uint64_t first_second(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI ? kFirstReal : kFirstOther;
}

}  // namespace

void time_passes(const timespec& span) {
    g_logical_ns += nanoseconds(span);
}

void time_reaches(const timespec& moment) {
    if (moment.tv_sec < 0) return;
    const std::uint64_t reached = nanoseconds(moment),
                        first = (reached >= kFirstReal * kSecond ? kFirstReal : kFirstOther) * kSecond;
    if (reached < first) return;  // over before the program began
    if (reached - first > g_logical_ns) g_logical_ns = reached - first;
}

int timed_out(const timespec* moment) {
    if (moment != nullptr) time_reaches(*moment);
    return ETIMEDOUT;
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

namespace {
namespace logical {

int clock_gettime(clockid_t clock, timespec* out) {
    if (!g_exploring) return HEDDLE_REAL(clock_gettime)(clock, out);
    note_transfer();
    *out = {static_cast<time_t>(first_second(clock) + g_logical_ns / kSecond), static_cast<long>(g_logical_ns % kSecond)};
    return 0;
}
int timespec_get(timespec* out, int base) {
    if (!g_exploring || base != TIME_UTC) return HEDDLE_REAL(timespec_get)(out, base);
    logical::clock_gettime(CLOCK_REALTIME, out);
    return base;
}
time_t time(time_t* out) {
    timespec now{};
    logical::clock_gettime(CLOCK_REALTIME, &now);
    if (out != nullptr) *out = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(timeval* out, void*) {
    timespec now{};
    logical::clock_gettime(CLOCK_REALTIME, &now);
    *out = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

}  // namespace logical

using namespace heddle::trace::stores;

#define HEDDLE_CLOCK_CALL(result, name, parameters, arguments, before, after)                  \
    HEDDLE_EXPORT result name parameters noexcept {                                            \
        auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0)); \
        before;                                                                                \
        [[maybe_unused]] const auto done = logical::name arguments;                            \
        const heddle::trace::KeptErrno kept;                                                   \
        after;                                                                                 \
        return done;                                                                           \
    }
HEDDLE_CLOCK_CALLS(HEDDLE_CLOCK_CALL)

}  // namespace

HEDDLE_EXPORT clock_t clock() noexcept {
    if (!g_exploring) return HEDDLE_REAL(clock)();
    note_transfer();
    return static_cast<clock_t>(g_logical_ns / (kSecond / CLOCKS_PER_SEC));
}

namespace heddle::fibers {
namespace {

// A sleeping thread lets the others go first where a search lets it: how long it sleeps makes no difference to who goes on. In
// Step it stands there, so that a handler may come meanwhile. False: one did.
bool sleeps(std::uint64_t span, std::uint64_t pc) {
    if (g_searching) {
        next_tick(current());  // as in Step
        return true;
    }
    Operation operation;
    operation.kind = OperationKind::kSleep;
    operation.value = span;
    operation.pc = pc;
    perform_when(operation, {false, true, OnHandler::kFails}, [] { return false; });
    return !fails_with_eintr();
}

bool sleeps_for(const timespec& span, std::uint64_t pc) {
    if (!sleeps(nanoseconds(span), pc)) return false;
    time_passes(span);
    return true;
}

bool sleeps_until(const timespec& moment, std::uint64_t pc) {
    if (!sleeps(0, pc)) return false;
    time_reaches(moment);
    return true;
}

}  // namespace
}  // namespace heddle::fibers

// Who is interrupted has slept for no time.
HEDDLE_EXPORT int nanosleep(const timespec* span, timespec* rest) {
    if (!g_exploring) return HEDDLE_REAL(nanosleep)(span, rest);
    auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));
    HEDDLE_PASS_HOOK();
    if (sleeps_for(*span, HEDDLE_CALLER)) return 0;
    const heddle::trace::KeptErrno kept;
    stores(access, rest);
    if (rest != nullptr) *rest = *span;
    return -1;
}
HEDDLE_EXPORT int clock_nanosleep(clockid_t clock, int how, const timespec* span, timespec* rest) {
    if (!g_exploring) return HEDDLE_REAL(clock_nanosleep)(clock, how, span, rest);
    HEDDLE_PASS_HOOK();
    const bool until = (how & TIMER_ABSTIME) != 0;
    if (until ? sleeps_until(*span, HEDDLE_CALLER) : sleeps_for(*span, HEDDLE_CALLER)) return 0;
    if (!until && rest != nullptr) *rest = *span;
    return EINTR;
}
HEDDLE_EXPORT int usleep(useconds_t span) {
    if (!g_exploring) return HEDDLE_REAL(usleep)(span);
    HEDDLE_PASS_HOOK();
    const timespec time{static_cast<time_t>(span / 1'000'000), static_cast<long>(span % 1'000'000) * 1000};
    return sleeps_for(time, HEDDLE_CALLER) ? 0 : -1;
}
HEDDLE_EXPORT unsigned sleep(unsigned span) {
    if (!g_exploring) return HEDDLE_REAL(sleep)(span);
    HEDDLE_PASS_HOOK();
    return sleeps_for({static_cast<time_t>(span), 0}, HEDDLE_CALLER) ? 0 : span;
}
HEDDLE_EXPORT int thrd_sleep(const timespec* span, timespec* rest) {
    return nanosleep(span, rest);
}
