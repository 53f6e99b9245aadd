#include "core/base/clock.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "core/base/check.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace heddle {

TickSource usable_tick_source() {
#if defined(__x86_64__)
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    const bool invariant = __get_cpuid(0x80000007U, &eax, &ebx, &ecx, &edx) != 0 && (edx & (1U << 8)) != 0;
    std::ifstream sources("/sys/devices/system/clocksource/clocksource0/available_clocksource");
    std::string word;
    bool kept_by_kernel = !sources.good();
    while (sources >> word) kept_by_kernel = kept_by_kernel || word == "tsc";
    // Inside a virtual machine CPUID may hide the bit while the kernel was told the frequency and trusts the counter.
    if (invariant || (kept_by_kernel && sources.eof())) return TickSource::kCounter;
    return TickSource::kMonotonic;
#else
    return TickSource::kCounter;  // the architecture promises a constant rate
#endif
}

TickConverter::Anchor TickConverter::read_anchor(TickSource source) {
    Anchor best{};
    std::uint64_t best_width = UINT64_MAX;
    for (int attempt = 0; attempt < 4; ++attempt) {
        const std::uint64_t before = read_ticks(source);
        const std::int64_t now = monotonic_now().count();
        const std::uint64_t after = read_ticks(source);
        if (after - before < best_width) {
            best_width = after - before;
            best = {before + (after - before) / 2, now};
        }
    }
    return best;
}

void TickConverter::add(Anchor anchor) {
    constexpr std::size_t kMostAnchors = 4096;
    if (!anchors_.empty() && (anchor.tick <= anchors_.back().tick || anchor.nanoseconds <= anchors_.back().nanoseconds)) return;
    anchors_.push_back(anchor);
    if (anchors_.size() > kMostAnchors) anchors_.pop_front();
}

Nanoseconds TickConverter::to_monotonic(std::uint64_t tick) const {
    CHECK(anchors_.size() >= 2);
    auto after =
        std::upper_bound(anchors_.begin(), anchors_.end(), tick, [](std::uint64_t t, const Anchor& a) { return t < a.tick; });
    after = std::clamp(after, anchors_.begin() + 1, anchors_.end() - 1);
    const Anchor& a = *(after - 1);
    const Anchor& b = *after;
    const auto span = static_cast<long double>(b.nanoseconds - a.nanoseconds) / static_cast<long double>(b.tick - a.tick);
    const auto offset = static_cast<long double>(static_cast<std::int64_t>(tick - a.tick)) * span;
    const auto result = static_cast<long double>(a.nanoseconds) + offset;
    // A tick from a scribbled arena may be anything: clamp instead of overflowing.
    return Nanoseconds(static_cast<std::int64_t>(std::clamp(result, 0.0L, 9.2e18L)));
}

}  // namespace heddle
