// Lanes, bars, ticks and arrows of the timeline: literal places, and what must hold for any run at any zoom.
#include "app/layout/timeline_layout.h"

#include <gmock/gmock-more-matchers.h>

#include <random>

#include "tests/app/layout/fake_timeline.h"

namespace heddle::layout {
namespace {

using model::LaneKind;
constexpr int kReady = 1, kRunning = 2, kWaiting = 3;

TimelineMetrics metrics() {
    TimelineMetrics m;
    m.label_width = 100, m.lane_height = 24, m.lane_gap = 8, m.axis_height = 20, m.top = 0;
    return m;
}

TEST(LaneRows, StackThreadsThenCpusAboveTheAxis) {
    const std::vector<model::LaneInfo> lanes = {{LaneKind::kThread, 1}, {LaneKind::kThread, 2}, {LaneKind::kCpu, 0}};
    const LaneRows rows = lane_rows(lanes, {10, 100, 500, 200}, metrics(), 0);
    ASSERT_EQ(rows.rows.size(), 3u);
    EXPECT_EQ(rows.rows[0].label, (Rect{10, 100, 100, 24}));
    EXPECT_EQ(rows.rows[0].track, (Rect{110, 100, 400, 24}));
    EXPECT_EQ(rows.rows[1].track.y, 132);
    EXPECT_EQ(rows.rows[2].track.y, 172) << "a wider gap before the CPUs";
    EXPECT_EQ(rows.axis, (Rect{10, 280, 500, 20}));
    EXPECT_EQ(rows.content_height, 96);
}

TEST(LaneRows, ShowWholeLanesOnlyAndScroll) {
    const std::vector<model::LaneInfo> lanes(10, model::LaneInfo{LaneKind::kThread, 1});
    const LaneRows rows = lane_rows(lanes, {0, 0, 500, 120}, metrics(), 64);
    ASSERT_EQ(rows.rows.size(), 3u);
    EXPECT_EQ(rows.rows[0].lane, 2u);
    for (const LaneRow& row : rows.rows) EXPECT_TRUE(rows.lanes.contains(row.track));
}

struct Lane {
    test::FakeTimeline timeline;
    EventClock clock;
    TimelineWindow window;
    LaneRow row;

    void show(Span span, float width, TimeScale scale = TimeScale::kTime) {
        window.view = &timeline, window.events = &clock, window.scale = scale, window.axis = {span, 100, width};
        row.lane = 0, row.track = {100, 0, width, 24};
    }
    std::vector<BarBox> bars() const {
        std::vector<BarBox> out;
        lane_bars(window, row, 0, out);
        return out;
    }
};

TEST(LaneBars, LieWhereTheirIntervalsAre) {
    Lane run;
    run.timeline.add_lane(LaneKind::kThread, 1);
    run.timeline.add(0, 0, 1000, kRunning);
    run.timeline.add(0, 1000, 2500, kWaiting, model::Cause::kIo);
    run.timeline.add(0, 3000, 4000, kReady);
    run.show({0, 4000}, 400);
    const auto bars = run.bars();
    ASSERT_EQ(bars.size(), 3u);
    EXPECT_EQ(bars[0].box, (Rect{100, 0, 100, 24}));
    EXPECT_EQ(bars[1].box, (Rect{200, 0, 150, 24}));
    EXPECT_EQ(bars[1].cause, model::Cause::kIo);
    EXPECT_EQ(bars[2].box, (Rect{400, 0, 100, 24})) << "a time without an interval stays empty";
    EXPECT_EQ(bar_at(bars, {210, 10}), 1u);
    EXPECT_EQ(bar_at(bars, {380, 10}), std::nullopt);
}

TEST(LaneBars, AreCutAtTheEdgesOfWhatIsShown) {
    Lane run;
    run.timeline.add_lane(LaneKind::kThread, 1);
    run.timeline.add(0, 0, 10'000, kRunning);
    run.show({4000, 5000}, 200);
    const auto bars = run.bars();
    ASSERT_EQ(bars.size(), 1u);
    EXPECT_EQ(bars[0].box, (Rect{100, 0, 200, 24}));
    EXPECT_EQ(bars[0].end, Nanoseconds(10'000)) << "the tooltip tells the whole duration";
}

// Any run: bars ascend, touch at most, stay inside, and no column of pixels that holds an interval is blank.
void expect_sound(const std::vector<BarBox>& bars, const Lane& run, const Span& span) {
    const float left = run.window.axis.x, right = left + run.window.axis.width;
    float last = left;
    for (const BarBox& bar : bars) {
        EXPECT_GE(bar.box.x, last - 0.01f);
        EXPECT_GE(bar.box.w, 1);
        EXPECT_LE(bar.box.right(), right + 0.01f);
        last = bar.box.right();
    }
    for (const model::Bar& interval : run.timeline.intervals[0]) {
        if (interval.start.count() < span.from || interval.end.count() > span.to) continue;
        const float x = run.window.axis.to_x((interval.start + interval.end).count() / 2);
        const bool covered = std::any_of(
            bars.begin(), bars.end(), [&](const BarBox& bar) { return bar.box.x - 1.5f <= x && x <= bar.box.right() + 1.5f; });
        EXPECT_TRUE(covered) << "interval at " << interval.start.count() << " has vanished";
    }
}

TEST(LaneBars, NeverOverlapAndNeverVanishAtAnyZoom) {
    std::mt19937 random(7);
    for (int round = 0; round < 40; ++round) {
        Lane run;
        run.timeline.add_lane(LaneKind::kThread, 1);
        std::int64_t at = 0;
        std::uniform_int_distribution<int> state(1, 3), magnitude(0, 5), digit(1, 9);
        for (int i = 0; i < 300; ++i) {
            std::int64_t length = digit(random);
            for (int m = magnitude(random); m > 0; --m) length *= 7;
            if (digit(random) > 2) run.timeline.add(0, at, at + length, state(random));
            at += length;
        }
        for (std::int64_t zoom = 1; zoom <= 512; zoom *= 8) {
            const std::int64_t length = std::max<std::int64_t>(200, at / zoom);
            const Span span{std::max<std::int64_t>(0, (at - length) / 2),
                            std::max<std::int64_t>(0, (at - length) / 2) + length};
            run.show(span, 733);
            expect_sound(run.bars(), run, span);
        }
    }
}

TEST(LaneBars, GiveEachEventItsStepInTheEventScale) {
    Lane run;
    run.timeline.add_lane(LaneKind::kThread, 1);
    // Ten events in a nanosecond each, then one of a second: event by event they are equally wide.
    const std::vector<std::int64_t> times = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1'000'000'000};
    for (std::size_t i = 0; i + 1 < times.size(); ++i)
        run.timeline.add(0, times[i], times[i + 1], i % 2 == 0 ? kRunning : kReady);
    run.clock.count = times.size();
    run.clock.time_of = [&](std::uint64_t index) { return Nanoseconds(times[index]); };
    run.clock.index_at = [&](Nanoseconds time) {
        return static_cast<std::uint64_t>(std::lower_bound(times.begin(), times.end(), time.count()) - times.begin());
    };
    run.show({0, 10}, 500, TimeScale::kEvents);
    const auto bars = run.bars();
    ASSERT_EQ(bars.size(), 10u);
    for (std::size_t i = 0; i < bars.size(); ++i) EXPECT_EQ(bars[i].box, (Rect{100 + 50 * static_cast<float>(i), 0, 50, 24}));
    EXPECT_EQ(run.window.limits(), (Span{0, 11}));
}

TEST(WakeLines, GoFromTheWakersLaneToTheWokenOne) {
    test::FakeTimeline timeline;
    timeline.add_lane(LaneKind::kThread, 1);
    timeline.add_lane(LaneKind::kThread, 2);
    timeline.add(0, 0, 1000, kRunning);
    timeline.wakes = {
        {Nanoseconds(250), 1, 2, 0}, {Nanoseconds(500), 2, 1, 1}, {Nanoseconds(750), 0, 2, 2}, {Nanoseconds(752), 1, 2, 3}};
    TimelineWindow window;
    window.view = &timeline, window.axis = {{0, 1000}, 100, 1000};
    const LaneRows rows = lane_rows(timeline.lanes(), {0, 0, 1100, 200}, metrics(), 0);
    const auto lines = wake_lines(window, rows, 10);
    ASSERT_EQ(lines.size(), 3u) << "two arrows closer than the spacing are one";
    EXPECT_EQ(lines[0].from, (Vec2{350, 12}));
    EXPECT_EQ(lines[0].to, (Vec2{350, 32}));
    EXPECT_EQ(lines[1].from, (Vec2{600, 44}));
    EXPECT_EQ(lines[1].to, (Vec2{600, 24}));
    EXPECT_EQ(lines[2].from, (Vec2{850, 24})) << "an interrupt has no lane: its arrow comes from just above";
}

TEST(LaneTicks, MergeWithinAPixel) {
    test::FakeTimeline timeline;
    timeline.add_lane(LaneKind::kThread, 1);
    timeline.tick_lists[0] = {{Nanoseconds(100), 1, 0}, {Nanoseconds(101), 2, 1}, {Nanoseconds(500), 1, 3}};
    TimelineWindow window;
    window.view = &timeline, window.axis = {{0, 1000}, 0, 100};
    LaneRow row;
    std::vector<TickMark> ticks;
    lane_ticks(window, row, ticks);
    ASSERT_EQ(ticks.size(), 2u);
    EXPECT_EQ(ticks[0].x, 10);
    EXPECT_EQ(ticks[0].count, 3u);
}

}  // namespace
}  // namespace heddle::layout
