#include "core/model/timeline_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

struct Piece {
    std::int64_t start, stop;
    std::int32_t what;
};

// A lane of random intervals, and the same ones as a plain list.
struct Sample {
    Lane lane;
    std::vector<Piece> pieces;
    std::vector<std::int64_t> ticks;
    std::int64_t end = 0;
};

Sample make_sample(LaneKind kind, int count, std::uint32_t seed) {
    Sample sample;
    sample.lane.info.kind = kind;
    std::mt19937 random(seed);
    std::int64_t now = 1000;
    for (int i = 0; i < count; ++i) {
        const auto what = static_cast<std::int32_t>(random() % (kind == LaneKind::kThread ? 5 : 4));
        sample.lane.begin(now, what, 0, static_cast<std::uint64_t>(i));
        if (!sample.pieces.empty()) sample.pieces.back().stop = now;
        sample.pieces.push_back({now, now, what});
        sample.lane.tick(now, static_cast<std::uint64_t>(i));
        sample.ticks.push_back(now);
        now += random() % 20 == 0 ? static_cast<std::int64_t>(random() % 100000) + 1
                                  : static_cast<std::int64_t>(random() % 50) + 1;
    }
    sample.end = now;
    sample.pieces.back().stop = now;
    return sample;
}

std::array<double, 8> time_by_what(const Sample& sample, std::int64_t from, std::int64_t to) {
    std::array<double, 8> time{};
    auto piece =
        std::partition_point(sample.pieces.begin(), sample.pieces.end(), [&](const Piece& p) { return p.stop <= from; });
    for (; piece != sample.pieces.end() && piece->start < to; ++piece) {
        const std::int64_t a = std::max(piece->start, from), z = std::min(piece->stop, to);
        time[static_cast<std::size_t>(piece->what)] += static_cast<double>(z - a);
    }
    return time;
}

class TimelineAtAnyZoom : public ::testing::TestWithParam<LaneKind> {};

TEST_P(TimelineAtAnyZoom, EveryBarShowsWhatCoversMostOfIt) {
    const bool threads = GetParam() == LaneKind::kThread;
    const Sample sample = make_sample(GetParam(), 20000, 11);
    std::mt19937_64 random(3);
    std::vector<Bar> bars;
    for (int round = 0; round < 300; ++round) {
        const std::int64_t span = sample.end - 1000;
        const auto width =
            static_cast<std::int64_t>(static_cast<double>(span) * std::pow(10.0, -static_cast<double>(random() % 500) / 100)) +
            1;
        const auto from = 1000 + static_cast<std::int64_t>(
                                     random() % static_cast<std::uint64_t>(std::max<std::int64_t>(span - width, 0) + 1));
        const int pixels = static_cast<int>(random() % 1600 + 10);
        sample.lane.bars(from, from + width, pixels, sample.end, bars);
        ASSERT_LE(bars.size(), 2U * static_cast<std::size_t>(pixels));
        std::int64_t last = from;
        double shown = 0;
        for (const Bar& bar : bars) {
            ASSERT_GE(bar.start.count(), last);
            ASSERT_GT(bar.end, bar.start);
            last = bar.end.count();
            shown += static_cast<double>((bar.end - bar.start).count());
            const auto time = time_by_what(sample, bar.start.count(), bar.end.count());
            const double length = static_cast<double>((bar.end - bar.start).count());
            double most = 0;
            for (std::size_t what = threads ? 0 : 1; what < 8; ++what) most = std::max(most, time[what]);
            // A merged pixel adds up groups, which may lie half a pixel beside it; a cpu's, by their busiest thread.
            const double slack = (threads ? 0.2 : 0.35) * (bar.merged ? length : 0) + 2;
            EXPECT_GE(time[static_cast<std::size_t>(bar.what)] + slack, most) << round << " merged " << bar.merged;
            if (bar.merged && threads) {
                EXPECT_NEAR(bar.coverage, time[static_cast<std::size_t>(bar.what)] / length, 0.2 + 2 / length);
            }
        }
        // Nothing busy is left blank.
        const auto all = time_by_what(sample, from, from + width);
        double busy = 0;
        for (std::size_t what = threads ? 0 : 1; what < 8; ++what) busy += all[what];
        EXPECT_GE(shown + 2.0 * pixels, busy * 0.999) << round;
    }
}

INSTANTIATE_TEST_SUITE_P(Lanes, TimelineAtAnyZoom, ::testing::Values(LaneKind::kThread, LaneKind::kCpu));

TEST(Timeline, CountsTheTicksOfEveryPixel) {
    const Sample sample = make_sample(LaneKind::kThread, 20000, 5);
    std::mt19937_64 random(4);
    std::vector<Tick> ticks;
    for (int round = 0; round < 300; ++round) {
        const std::int64_t span = sample.end - 1000;
        const auto width =
            static_cast<std::int64_t>(static_cast<double>(span) * std::pow(10.0, -static_cast<double>(random() % 500) / 100)) +
            1;
        const auto from = 1000 + static_cast<std::int64_t>(
                                     random() % static_cast<std::uint64_t>(std::max<std::int64_t>(span - width, 0) + 1));
        const int pixels = static_cast<int>(random() % 1600 + 10);
        sample.lane.ticks(from, from + width, pixels, ticks);
        ASSERT_LE(ticks.size(), static_cast<std::size_t>(pixels));
        std::uint64_t counted = 0;
        for (const Tick& tick : ticks) {
            EXPECT_EQ(sample.ticks[tick.event], tick.time.count());
            counted += tick.count;
        }
        const auto in_range = std::lower_bound(sample.ticks.begin(), sample.ticks.end(), from + width) -
                              std::lower_bound(sample.ticks.begin(), sample.ticks.end(), from);
        EXPECT_EQ(counted, static_cast<std::uint64_t>(in_range));
    }
}

TEST(Timeline, TicksThatAreForgottenAndToldAgainCountOnce) {
    const Sample sample = make_sample(LaneKind::kThread, 3000, 8);
    std::vector<Tick> expected, found;
    sample.lane.ticks(1000, sample.end, 700, expected);
    for (const std::size_t keep : {1U, 15U, 16U, 17U, 255U, 256U, 257U, 1023U, 1024U, 1025U, 2047U, 2999U}) {
        Lane lane = sample.lane;
        lane.publish();
        lane.truncate(keep);
        lane.ticks(1000, sample.end, 1, found);
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].count, keep);
        for (std::size_t i = keep; i < sample.ticks.size(); ++i) lane.tick(sample.ticks[i], i);
        lane.ticks(1000, sample.end, 700, found);
        ASSERT_EQ(found.size(), expected.size()) << keep;
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].time, expected[i].time);
            EXPECT_EQ(found[i].count, expected[i].count);
            EXPECT_EQ(found[i].event, expected[i].event);
        }
    }
}

TEST(Timeline, ZoomedInItShowsEveryIntervalAsItIs) {
    const Sample sample = make_sample(LaneKind::kThread, 100, 6);
    std::vector<Bar> bars;
    sample.lane.bars(1000, sample.end, 1600, sample.end, bars);
    ASSERT_EQ(bars.size(), sample.pieces.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
        EXPECT_EQ(bars[i].start.count(), sample.pieces[i].start);
        EXPECT_EQ(bars[i].end.count(), sample.pieces[i].stop);
        EXPECT_EQ(bars[i].event, i);
        EXPECT_FALSE(bars[i].merged);
    }
}

TEST(Timeline, AViewStaysAsItWasWhileTheBuilderGoesOnAndBack) {
    using testing::EventBuilder;
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main).fork(worker, 100).in(worker, 1);
    for (int i = 0; i < 100; ++i) b.preempted(worker, 1).in(worker, 1).write(main, 0x10, 1);
    TimelineBuilder builder;
    const World world = b.world(~std::uint64_t{0}, &builder);
    builder.set_range(world.start(), world.time());
    const auto before = builder.view();
    std::vector<Bar> first, again;
    before->bars(1, before->start(), before->end(), 1000, first);
    builder.truncate(10);
    builder.set_range(world.start(), world.time());
    std::vector<Bar> after;
    builder.view()->bars(1, before->start(), before->end(), 1000, after);
    before->bars(1, before->start(), before->end(), 1000, again);
    EXPECT_EQ(first.size(), again.size());
    EXPECT_LT(after.size(), first.size());
    ASSERT_EQ(before->lanes().size(), 4U);  // T1, T2, CPU 0, CPU 1
    EXPECT_EQ(before->lanes()[2].kind, LaneKind::kCpu);
}

TEST(Timeline, ThinsWakeArrowsEvenly) {
    TimelineBuilder builder;
    for (int i = 0; i < 1000; ++i) builder.woken(1, 2, Nanoseconds(i), static_cast<std::uint64_t>(i));
    std::vector<WakeArrow> arrows;
    builder.view()->wake_arrows(Nanoseconds(0), Nanoseconds(1000), 10, arrows);
    ASSERT_EQ(arrows.size(), 10U);
    EXPECT_EQ(arrows[5].time.count(), 500);
    builder.view()->wake_arrows(Nanoseconds(100), Nanoseconds(105), 10, arrows);
    EXPECT_EQ(arrows.size(), 5U);
}

}  // namespace
}  // namespace heddle::model
