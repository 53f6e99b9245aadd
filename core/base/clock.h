// The two clocks of a run. Hooks stamp events with the CPU's time-stamp counter ("ticks", cheap); everything else and
// everything shown is CLOCK_MONOTONIC in nanoseconds. TickConverter turns one into the other.
// read_ticks and monotonic_now are called from any thread and from hooks; a TickConverter belongs to one thread.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>
#include <deque>

namespace heddle {

using Nanoseconds = std::chrono::nanoseconds;  // since the epoch of CLOCK_MONOTONIC, or a span

inline Nanoseconds monotonic_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::chrono::seconds(now.tv_sec) + Nanoseconds(now.tv_nsec);
}

enum class TickSource : std::uint32_t {
    kCounter = 1,    // TSC on x86-64, CNTVCT_EL0 on aarch64
    kMonotonic = 2,  // CLOCK_MONOTONIC itself, where the counter is not invariant
};

inline std::uint64_t read_counter() {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    std::uint64_t value;
    asm volatile("mrs %0, cntvct_el0" : "=r"(value));
    return value;
#else
#error "Heddle supports x86-64 and aarch64"
#endif
}

inline std::uint64_t read_ticks(TickSource source) {
    if (__builtin_expect(source == TickSource::kCounter, 1)) return read_counter();
    return static_cast<std::uint64_t>(monotonic_now().count());
}

// Once the calling thread's instructions before it are done: a CPU may read its counter before a load in front of it has its
// value (Intel SDM and AMD APM, RDTSC and LFENCE; Arm ARM, CNTVCT_EL0).
inline void finish_instructions() {
#if defined(__x86_64__)
    __builtin_ia32_lfence();
#elif defined(__aarch64__)
    asm volatile("dsb ishld\n\tisb" : : : "memory");
#endif
}

// kCounter where the counter runs at one rate on all cores and in all sleep states (CPUID 80000007H:EDX[8], and the
// kernel keeps it as a clock source), else kMonotonic.
TickSource usable_tick_source();

// Piecewise-linear map from ticks to CLOCK_MONOTONIC through anchors: pairs of both clocks read together. Take an anchor
// before the first tick and after each batch; a tick between two anchors is converted to within their reading error
// (tens of nanoseconds), so the two clocks never drift apart however long the run.
class TickConverter {
public:
    struct Anchor {
        std::uint64_t tick;
        std::int64_t nanoseconds;
    };

    // Reads both clocks together, the tightest of a few tries.
    static Anchor read_anchor(TickSource source);

    void add(Anchor anchor);
    // Needs two anchors (CHECK); extrapolates by the nearest span outside of them. The result is never negative.
    Nanoseconds to_monotonic(std::uint64_t tick) const;

private:
    std::deque<Anchor> anchors_;  // ascending; the oldest are dropped once there are many
};

}  // namespace heddle
