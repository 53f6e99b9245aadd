#include "core/base/clock.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

TickConverter converter(std::initializer_list<TickConverter::Anchor> anchors) {
    TickConverter result;
    for (const auto& anchor : anchors) result.add(anchor);
    return result;
}

TEST(TickConverter, IsALineBetweenAnchors) {
    // 3 ticks a nanosecond at first, then the counter is seen to run at 2.
    const TickConverter c = converter({{3000, 1000}, {6000, 2000}, {8000, 3000}});
    struct Row {
        std::uint64_t tick;
        std::int64_t nanoseconds;
    };
    const Row rows[] = {{3000, 1000}, {4500, 1500}, {6000, 2000},
                        {7000, 2500}, {8000, 3000}, {9000, 3500},  // after the last anchor: at its rate
                        {1500, 500},                               // before the first
                        {0, 0}};
    for (const Row& row : rows) EXPECT_EQ(c.to_monotonic(row.tick).count(), row.nanoseconds) << row.tick;
}

TEST(TickConverter, IgnoresAnchorsThatDoNotAdvance) {
    const TickConverter c = converter({{1000, 1000}, {900, 5000}, {1000, 6000}, {2000, 900}, {2000, 2000}});
    EXPECT_EQ(c.to_monotonic(1500).count(), 1500);
    EXPECT_EQ(c.to_monotonic(3000).count(), 3000);
}

TEST(TickConverter, MakesNothingWorseThanATimeOfAnyTick) {
    const TickConverter c = converter({{1'000'000, 1000}, {2'000'000, 2000}});
    for (const std::uint64_t tick : {std::uint64_t{0}, UINT64_MAX, UINT64_MAX / 2, std::uint64_t{1} << 63}) {
        EXPECT_GE(c.to_monotonic(tick).count(), 0);
    }
}

TEST(TickConverter, StaysExactOverManyAnchors) {
    TickConverter c;
    for (std::int64_t i = 1; i < 10000; ++i) c.add({static_cast<std::uint64_t>(i) * 3000, i * 1000});
    EXPECT_EQ(c.to_monotonic(3000 * 9000 + 1500).count(), 9000 * 1000 + 500);
}

TEST(TickConverter, AgreesWithTheRealClock) {
    for (const TickSource source : {usable_tick_source(), TickSource::kMonotonic}) {
        TickConverter c;
        c.add(TickConverter::read_anchor(source));
        const Nanoseconds start = monotonic_now();
        while (monotonic_now() - start < std::chrono::milliseconds(20)) {
        }
        const Nanoseconds before = monotonic_now();
        const std::uint64_t tick = read_ticks(source);
        const Nanoseconds after = monotonic_now();
        while (monotonic_now() - after < std::chrono::milliseconds(20)) {
        }
        c.add(TickConverter::read_anchor(source));
        // An anchor may be off by as long as its reading was held up: far less than a time slice.
        EXPECT_GE(c.to_monotonic(tick), before - std::chrono::milliseconds(1));
        EXPECT_LE(c.to_monotonic(tick), after + std::chrono::milliseconds(1));
    }
}

TEST(Clock, NeverGoesBack) {
    Nanoseconds previous = monotonic_now();
    for (int i = 0; i < 1000; ++i) {
        const Nanoseconds now = monotonic_now();
        EXPECT_GE(now, previous);
        previous = now;
    }
}

}  // namespace
}  // namespace heddle
