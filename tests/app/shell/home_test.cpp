// The first screen: it moves, says what it is, and opens what is clicked.
#include <gmock/gmock-more-matchers.h>

#include "core/session/session.h"
#include "tests/app/shell/pages.h"

namespace heddle::test {
namespace {

using testing_support::UiDriver;

struct Visitor {
    std::shared_ptr<model::Snapshot> demo;
    shell::Settings settings;
    shell::HomeState state;
    shell::Commands commands;
    UiDriver driver;

    explicit Visitor(std::shared_ptr<model::Snapshot> plays, Vec2 size = {1040, 664})
        : demo(std::move(plays)), driver(size, [this, size](widgets::Ui& ui) {
              panels::Context context{ui, commands.playback};
              shell::draw_home(shipped_catalog(), settings, demo.get(), state, context, commands, {0, 0, size.x, size.y});
          }) {}

    bool sees(std::string_view text) const {
        for (const auto& seen : driver.log().texts)
            if (seen.text.find(text) != std::string::npos) return true;
        return false;
    }
    std::vector<std::string> opened() const {
        std::vector<std::string> ids;
        for (const auto& command : commands.app)
            if (const auto* open = std::get_if<shell::OpenScenario>(&command)) ids.push_back(open->id);
        return ids;
    }
};

TEST(Home, PlaysTheRunItIsGiven) {
    Visitor visitor(playing_race());
    EXPECT_TRUE(visitor.driver.has("home.counter"));
    EXPECT_TRUE(visitor.sees("T2 stores 1 into counter; T3's 1 is lost"));
    EXPECT_TRUE(visitor.sees("wrote"));
    visitor.demo = std::make_shared<model::Snapshot>(*visitor.demo);
    visitor.demo->playhead += 1;
    visitor.driver.frame();
    EXPECT_TRUE(visitor.driver.wake_after) << "what changed is lit for a moment";
    visitor.driver.settle();
}

TEST(Home, SaysThatTheRunIsBeingRecordedOrFailed) {
    Visitor visitor(nullptr);
    EXPECT_TRUE(visitor.sees("is being recorded"));
    EXPECT_FALSE(visitor.driver.has("home.counter"));
    visitor.demo = std::make_shared<model::Snapshot>();
    visitor.demo->status = model::RunStatus::kFailed, visitor.demo->failure = "no room on the disk";
    visitor.driver.settle();
    EXPECT_TRUE(visitor.sees("no room on the disk"));
}

TEST(Home, OpensAScenarioByOneClick) {
    Visitor visitor(playing_race());
    visitor.driver.click("home.start.races/lost-update");
    visitor.driver.click("home.start.process/memory-layout");
    visitor.driver.click("home.card.process/states");
    EXPECT_THAT(visitor.opened(), testing::ElementsAre("races/lost-update", "process/memory-layout", "process/states"));
}

TEST(Home, ReachesEveryScenarioByKeyboardAndBringsItIntoSight) {
    Visitor visitor(playing_race());
    std::set<std::string> reached;
    for (std::size_t i = 0; i < shipped_catalog().scenarios().size() + 4; ++i) {
        visitor.driver.press(Key::kTab);
        visitor.driver.settle();
        const std::string& focus = visitor.driver.state.focus;
        if (!focus.starts_with("home.card.")) continue;
        reached.insert(focus);
        const canvas::TagRecord* tag = visitor.driver.log().find(focus);
        ASSERT_NE(tag, nullptr);
        EXPECT_EQ(tag->rect.intersect(tag->clip), tag->rect) << focus << " is not in sight";
    }
    EXPECT_EQ(reached.size(), shipped_catalog().scenarios().size());
    visitor.driver.press(Key::kEnter);
    EXPECT_EQ(visitor.opened().size(), 1u);
}

TEST(Home, TicksWhatWasDone) {
    Visitor visitor(nullptr, {1360, 944});
    EXPECT_FALSE(visitor.driver.has("home.done.races/lost-update"));
    visitor.settings.done = {"races/lost-update"};
    visitor.driver.settle();
    EXPECT_TRUE(visitor.driver.has("home.done.races/lost-update"));
    const std::size_t all = shipped_catalog().in_chapter("races").size();
    EXPECT_TRUE(visitor.sees("1 of " + std::to_string(all) + " done"));
}

// The real thing: a recorded run of the shipped program, at the first instant where an update is lost.
TEST(Home, ShowsALostUpdateOfARealRun) {
    session::RunRequest request;
    request.scenario = lost_update();
    request.parameters["increments"] = 20000;
    const auto session = session::Session::start(request);
    ASSERT_TRUE(session) << session.error().message();
    auto run = (*session)->wait();
    ASSERT_EQ(run->status, model::RunStatus::kEnded) << run->failure;
    const std::uint64_t end = run->log.size();
    for (std::uint64_t at = end / 2; at < end && run->sentence.key != "event.write_lost"; ++at) {
        const auto kind = run->log.packed(at).kind();
        if (kind == trace::Kind::kWrite) run = (*session)->snapshot_at(at + 1);
        if (at > end / 2 + 3000) break;  // on one core updates are lost at switches only, which may be far apart
    }
    Visitor visitor(std::make_shared<model::Snapshot>(*run));
    EXPECT_TRUE(visitor.driver.has("home.counter"));
    EXPECT_TRUE(visitor.sees("wrote") || visitor.sees("read"));
    EXPECT_THAT(illegible(visitor.driver), testing::IsEmpty());
    picture_of_home("home-real", *run);
}

TEST(Home, KeepsItsBoxesWhileTheNumbersGrow) {
    Visitor visitor(playing_race());
    const Rect before = visitor.driver.rect("home.counter");
    auto grown = std::make_shared<model::Snapshot>(*visitor.demo);
    for (auto& region : grown->processes.front().regions)
        for (auto& variable : region.variables) variable.value = "-2147483648";
    visitor.demo = grown;
    visitor.driver.settle();
    EXPECT_EQ(visitor.driver.rect("home.counter"), before);
    EXPECT_THAT(illegible(visitor.driver), testing::IsEmpty());
}

}  // namespace
}  // namespace heddle::test
