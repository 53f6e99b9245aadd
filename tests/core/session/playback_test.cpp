#include "core/session/playback.h"

#include <gtest/gtest.h>

namespace heddle::session {
namespace {

using namespace std::chrono_literals;

// A log with one event at each of these times; every second event is worth a step.
trace::EventLogView log_of(std::initializer_list<std::int64_t> nanoseconds) {
    trace::EventLog log;
    std::vector<trace::PackedEvent> events;
    for (const std::int64_t time : nanoseconds) {
        trace::PackedEvent event{};
        event.nanoseconds = time;
        event.thread = log.thread(ThreadId(1), ProcessId(1), Nanoseconds(time)).value;
        event.tail = trace::make_tail(trace::Kind::kFence, 0, 0);
        events.push_back(event);
    }
    log.insert(std::move(events));
    return log.view();
}

const Steps kEverySecond{[](std::uint64_t at) { return at + 2; }, [](std::uint64_t at) { return at < 2 ? 0 : at - 2; }};

TEST(Playback, FollowsTheLiveEdgeUntilTheLearnerMoves) {
    const auto log = log_of({100, 200, 300});
    Playback playback(true);
    playback.advance(1ms, log, kEverySecond, true);
    EXPECT_EQ(playback.playhead(), 3u);
    playback.apply(model::StepBack{}, log, kEverySecond);
    EXPECT_EQ(playback.playhead(), 1u);
    EXPECT_FALSE(playback.following());
    playback.apply(model::GoToLive{}, log, kEverySecond);
    EXPECT_EQ(playback.playhead(), 3u);
    EXPECT_TRUE(playback.following());
}

TEST(Playback, SeeksAreClampedToTheLog) {
    const auto log = log_of({100, 200, 300});
    Playback playback(false);
    playback.apply(model::SeekEvent{99}, log, kEverySecond);
    EXPECT_EQ(playback.playhead(), 3u);
    playback.apply(model::StepForward{}, log, kEverySecond);
    EXPECT_EQ(playback.playhead(), 3u);
    playback.apply(model::SeekTime{200ns}, log, kEverySecond);
    EXPECT_EQ(playback.playhead(), 1u) << "the event at 200 has not happened yet";
}

TEST(Playback, AThousandTimesSlowerAMicrosecondLastsAMillisecond) {
    const auto log = log_of({0, 1000, 2000});
    Playback playback(false);
    playback.apply(model::SetSpeed{0.001}, log, kEverySecond);
    playback.apply(model::Play{}, log, kEverySecond);
    playback.advance(999us, log, kEverySecond, true);
    EXPECT_EQ(playback.playhead(), 1u);
    playback.advance(2us, log, kEverySecond, true);
    EXPECT_EQ(playback.playhead(), 2u);
}

TEST(Playback, EventByEventTakesOneStepPerStepTime) {
    const auto log = log_of({0, 1, 2, 3, 4});
    Playback playback(false);
    playback.apply(model::SetSpeed{0}, log, kEverySecond);
    playback.apply(model::Play{}, log, kEverySecond);
    playback.advance(Playback::kStepTime / 2, log, kEverySecond, true);
    EXPECT_EQ(playback.playhead(), 0u);
    playback.advance(Playback::kStepTime / 2, log, kEverySecond, true);
    EXPECT_EQ(playback.playhead(), 2u);
}

TEST(Playback, PlayingStopsAtTheEndOfAnEndedRunAndStartsAgainFromItsBeginning) {
    const auto log = log_of({0, 1000});
    Playback playback(false);
    playback.apply(model::SetSpeed{1}, log, kEverySecond);
    playback.apply(model::Play{}, log, kEverySecond);
    playback.advance(1s, log, kEverySecond, true);
    EXPECT_TRUE(playback.playing()) << "more may come while the run lives";
    playback.advance(1s, log, kEverySecond, false);
    EXPECT_FALSE(playback.playing());
    playback.apply(model::Play{}, log, kEverySecond);
    EXPECT_EQ(playback.playhead(), 0u);
}

TEST(Playback, AnUnusableSpeedChangesNothing) {
    const auto log = log_of({0});
    Playback playback(false);
    playback.apply(model::SetSpeed{0.1}, log, kEverySecond);
    playback.apply(model::SetSpeed{std::numeric_limits<double>::quiet_NaN()}, log, kEverySecond);
    EXPECT_EQ(playback.speed(), 0.1);
    playback.apply(model::SetSpeed{-3}, log, kEverySecond);
    EXPECT_EQ(playback.speed(), 0.0);
}

TEST(Playback, KeepsItsTimeWhenLateEventsArriveBehindIt) {
    Playback playback(false);
    playback.apply(model::SeekEvent{2}, log_of({100, 300, 500}), kEverySecond);
    playback.log_changed(1, log_of({100, 200, 300, 500}));
    EXPECT_EQ(playback.playhead(), 3u);
}

}  // namespace
}  // namespace heddle::session
