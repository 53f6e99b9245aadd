// The timeline's axis: round ticks with sensible units, zoom that keeps its anchor, pan that stays inside of the run.
#include "app/layout/axis.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::layout {
namespace {

std::vector<std::string> labels_of(Span span, float width, std::int64_t origin = 0) {
    std::vector<std::string> labels;
    for (const AxisTick& tick : time_ticks({span, 0, width}, origin, 100).ticks) labels.push_back(tick.label);
    return labels;
}

TEST(Axis, LabelsRoundInstantsInOneUnit) {
    EXPECT_THAT(labels_of({0, 62'000}, 600), testing::ElementsAre("0 µs", "20 µs", "40 µs", "60 µs"));
    EXPECT_THAT(labels_of({0, 3'000'000'000}, 350), testing::ElementsAre("0 s", "1 s", "2 s"));
    EXPECT_THAT(labels_of({0, 2'600'000}, 520), testing::ElementsAre("0 ms", "0.5 ms", "1 ms", "1.5 ms", "2 ms", "2.5 ms"));
    EXPECT_THAT(labels_of({0, 450}, 450), testing::ElementsAre("0 ns", "100 ns", "200 ns", "300 ns", "400 ns"));
    EXPECT_THAT(labels_of({1'000'500, 1'003'000}, 400, 1'000'000), testing::ElementsAre("1 µs", "2 µs"));
}

TEST(Axis, CountsFromABaseWhereLabelsWouldBeLong) {
    const AxisLabels labels = time_ticks({{3'200'000'030, 3'200'000'430}, 0, 400}, 0, 100);
    EXPECT_EQ(labels.base, "3.2000001 s");
    ASSERT_EQ(labels.ticks.size(), 4u);
    EXPECT_EQ(labels.ticks[0].label, "+0 ns");
    EXPECT_EQ(labels.ticks[1].label, "+100 ns");
}

TEST(Axis, TicksAreNeverCloserThanAsked) {
    for (std::int64_t length = 200; length < 4'000'000'000; length = length * 3 + 7) {
        const auto ticks = time_ticks({{17, 17 + length}, 50, 800}, 0, 96).ticks;
        EXPECT_FALSE(ticks.empty()) << length;
        for (std::size_t i = 1; i < ticks.size(); ++i) EXPECT_GE(ticks[i].x - ticks[i - 1].x, 95.9f) << length;
    }
}

TEST(Axis, LabelsEventsByTheirNumber) {
    const auto ticks = event_ticks({{0, 5000}, 0, 500}, 90).ticks;
    ASSERT_EQ(ticks.size(), 5u);
    EXPECT_EQ(ticks[1].label, "1,000");
}

TEST(Axis, ZoomKeepsTheAnchorInPlace) {
    const Span before{1000, 9000};
    const Span after = zoomed(before, 3000, 0.5, {0, 100'000}, 10);
    EXPECT_EQ(after, (Span{2000, 6000}));
    const Axis axis{after, 0, 800};
    EXPECT_FLOAT_EQ(axis.to_x(3000), 200);
}

TEST(Axis, ZoomStopsAtTheRunAndAtTheShortestSpan) {
    EXPECT_EQ(zoomed({0, 1000}, 500, 100, {0, 2000}, 10), (Span{0, 2000}));
    EXPECT_EQ(zoomed({400, 420}, 410, 0.01, {0, 2000}, 10).length(), 10);
    EXPECT_EQ(zoomed({0, 10}, 5, 1, {0, 4}, 10), (Span{0, 10}))
        << "a run shorter than the shortest span is shown with room behind it";
}

TEST(Axis, PanStaysInsideOfTheRun) {
    EXPECT_EQ(panned({100, 200}, 50, {0, 1000}), (Span{150, 250}));
    EXPECT_EQ(panned({100, 200}, -500, {0, 1000}), (Span{0, 100}));
    EXPECT_EQ(panned({100, 200}, 5000, {0, 1000}), (Span{900, 1000}));
}

TEST(Axis, FollowingMovesOnlyWhenThePlayheadLeft) {
    EXPECT_EQ(following({100, 200}, 150, {0, 1000}), (Span{100, 200}));
    EXPECT_EQ(following({100, 200}, 300, {0, 1000}), (Span{225, 325}));
    EXPECT_EQ(following({500, 600}, 300, {0, 1000}), (Span{275, 375}));
}

TEST(Axis, PixelsAndPositionsAreInverse) {
    const Axis axis{{5000, 105'000}, 100, 1000};
    for (const std::int64_t at : {5000, 17'300, 104'900}) EXPECT_EQ(axis.from_x(axis.to_x(at)), at);
    EXPECT_EQ(axis.from_x(0), 5000);
    EXPECT_EQ(axis.from_x(5000), 105'000);
}

TEST(Axis, InstantsAreExact) {
    EXPECT_EQ(instant_text(Nanoseconds(61'532)), "61.532 µs");
    EXPECT_EQ(instant_text(Nanoseconds(2'000'000)), "2 ms");
    EXPECT_EQ(instant_text(Nanoseconds(7)), "7 ns");
}

}  // namespace
}  // namespace heddle::layout
