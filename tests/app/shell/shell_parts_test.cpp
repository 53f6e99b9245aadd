// The pure parts of the shell, by literal cases.
#include <gmock/gmock-more-matchers.h>

#include "app/shell/demo_span.h"
#include "app/shell/picture.h"
#include "app/shell/run_bar.h"
#include "app/shell/shell.h"
#include "app/shell/speed.h"

namespace heddle::test {
namespace {

using namespace shell;
using namespace std::chrono_literals;

TEST(Speed, MakesARunLastAboutHalfAMinute) {
    EXPECT_EQ(fitting_speed(16ms, 5000, false), 0.001);
    EXPECT_EQ(fitting_speed(50ms, 5000, false), 0.001);
    EXPECT_EQ(fitting_speed(500ms, 5000, true), 0.01);
    EXPECT_EQ(fitting_speed(3s, 5000, true), 0.1);
    EXPECT_EQ(fitting_speed(60s, 5000, true), 1);
    EXPECT_EQ(fitting_speed(16ms, 30, true), 0) << "a few events are shown one by one";
    EXPECT_EQ(fitting_speed(16ms, 30, false), 0.001) << "but only when no more will come";
    EXPECT_EQ(fitting_speed(0ns, 5000, true), 0.001);
}

TEST(Speed, IsShownAsTheNearestChoice) {
    EXPECT_EQ(speed_index(0), 0);
    EXPECT_EQ(speed_index(0.001), 1);
    EXPECT_EQ(speed_index(0.012), 2);
    EXPECT_EQ(speed_index(1), 4);
    EXPECT_EQ(speed_index(50), 4);
}

TEST(Parameter, OfASmallRangeMovesByOne) {
    EXPECT_EQ(next_value(2, true, 2, 8), 3);
    EXPECT_EQ(next_value(8, true, 2, 8), 8);
    EXPECT_EQ(next_value(2, false, 2, 8), 2);
}

TEST(Parameter, OfALargeRangeMovesAlongOneTwoFive) {
    EXPECT_EQ(next_value(50000, true, 1, 1000000), 100000);
    EXPECT_EQ(next_value(50000, false, 1, 1000000), 20000);
    EXPECT_EQ(next_value(30000, true, 1, 1000000), 50000);
    EXPECT_EQ(next_value(30000, false, 1, 1000000), 20000);
    EXPECT_EQ(next_value(1000000, true, 1, 1000000), 1000000);
    EXPECT_EQ(next_value(1, false, 1, 1000000), 1);
    EXPECT_EQ(next_value(500000, true, 1, 700000), 700000);
    EXPECT_EQ(next_value(900, true, 0, 1000), 1000);
}

TEST(Views, AreLaidOutWithoutOverlapInsideOfTheStage) {
    const Rect area{10, 20, 1000, 600};
    const std::vector<std::string> all = {"code", "memory", "states", "pcb", "cpus", "pages"};
    for (std::size_t count = 1; count <= all.size(); ++count) {
        const auto places = lay_out_views(area, std::span(all).subspan(0, count), 12);
        ASSERT_EQ(places.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_TRUE(area.inset(-0.01F).contains(places[i])) << count << " views, number " << i;
            EXPECT_GT(places[i].w, 200) << count;
            EXPECT_GT(places[i].h, 200) << count;
            for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(places[i].overlaps(places[j])) << count;
        }
    }
    EXPECT_EQ(lay_out_views(area, std::span(all).subspan(0, 1), 12)[0], area);
}

TEST(Views, ThatFitAreFewerInASmallStage) {
    const std::vector<std::string> four = {"code", "memory", "states", "cpus"};
    EXPECT_EQ(views_that_fit({0, 0, 1000, 560}, four, 12, 1), 4u);
    EXPECT_EQ(views_that_fit({0, 0, 760, 340}, four, 12, 1), 2u);
    EXPECT_EQ(views_that_fit({0, 0, 300, 200}, four, 12, 1), 1u);
    EXPECT_EQ(views_that_fit({0, 0, 760, 180}, four, 12, 1), 2u) << "one alone would be no higher";
}

TEST(ShellLayout, FillsTheWindowAtEverySize) {
    for (const Vec2 size : {Vec2{1280, 720}, Vec2{1600, 1000}, Vec2{3840, 2160}}) {
        const Rect whole{0, 0, size.x, size.y};
        for (const bool collapsed : {false, true}) {
            const auto at = lay_out_shell(whole, make_theme(ThemeKind::kDark), collapsed, RunParts::kWithBar, false);
            const std::vector<Rect> parts = {at.rail, at.top_bar, at.run_bar, at.stage, at.sentence, at.lesson, at.timeline};
            for (std::size_t i = 0; i < parts.size(); ++i) {
                EXPECT_TRUE(whole.contains(parts[i])) << i << " at " << size.x;
                EXPECT_FALSE(parts[i].empty()) << i;
                for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(parts[i].overlaps(parts[j])) << i << " and " << j;
            }
            EXPECT_GT(at.stage.w, size.x * 0.5F);
            EXPECT_GE(at.timeline.h, 120);
        }
        const auto presenter = lay_out_shell(whole, make_theme(ThemeKind::kDark, true), false, RunParts::kWithBar, true);
        EXPECT_TRUE(presenter.rail.empty() && presenter.top_bar.empty() && presenter.lesson.empty());
        EXPECT_GT(presenter.stage.w, size.x - 40);
    }
}

// An access of thread 1 or 2 to one variable.
trace::PackedEvent access(std::uint32_t thread, trace::Kind kind, std::uint64_t address, std::int64_t at) {
    trace::PackedEvent event{};
    event.nanoseconds = at, event.address = address, event.thread = thread;
    event.tail = static_cast<std::uint64_t>(kind) << 48;
    return event;
}

trace::EventLogView log_of(const std::vector<std::tuple<std::uint32_t, trace::Kind, std::uint64_t>>& accesses) {
    trace::EventLog log;
    std::vector<trace::PackedEvent> batch;
    for (const auto& [thread, kind, address] : accesses)
        batch.push_back(access(thread, kind, address, static_cast<std::int64_t>(batch.size())));
    log.insert(std::move(batch));
    return log.view();
}

TEST(DemoSpan, HoldsTheUpdateThatGotLost) {
    using enum trace::Kind;
    const auto span =
        find_demo_span(log_of({{1, kRead, 8}, {1, kWrite, 8}, {2, kRead, 8}, {1, kRead, 8}, {1, kWrite, 8}, {2, kWrite, 8}}));
    ASSERT_TRUE(span);
    EXPECT_TRUE(span->lost);
    EXPECT_LE(span->begin, 2u) << "before the reading that will be out of date";
    EXPECT_EQ(span->end, 6u) << "after the write that undoes the other";
}

TEST(DemoSpan, TellsAnUndisturbedUpdateFromALostOne) {
    using enum trace::Kind;
    const auto span = find_demo_span(log_of({{1, kRead, 8}, {1, kWrite, 8}, {2, kRead, 8}, {2, kWrite, 8}}));
    ASSERT_TRUE(span);
    EXPECT_FALSE(span->lost);
    EXPECT_FALSE(find_demo_span(log_of({{1, kRead, 8}, {1, kWrite, 8}, {2, kRead, 16}}))) << "nothing is shared";
    EXPECT_FALSE(find_demo_span(log_of({})));
}

TEST(Picture, RefusesWhatCannotBeDrawnBeforeAnythingRuns) {
    PictureSpec spec;
    EXPECT_TRUE(check_picture(spec, "out.png"));
    EXPECT_TRUE(check_picture(spec, "/tmp/out.svg"));
    EXPECT_FALSE(check_picture(spec, "out.gif"));
    EXPECT_FALSE(check_picture(spec, "/no/such/folder/out.png"));
    spec.view = "timeline";
    EXPECT_TRUE(check_picture(spec, "out.png"));
    spec.view = "nope";
    const auto refused = check_picture(spec, "out.png");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message(),
                testing::HasSubstr("code, memory, stack, states, sync, pcb, cpus, pages, interleavings, timeline"));
}

}  // namespace
}  // namespace heddle::test
