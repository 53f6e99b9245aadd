// The panel Interleavings as a person uses it: a click on an end or an outcome is a schedule to step through, Cancel stops the
// search, and all of it goes with the keyboard too.
#include <gmock/gmock-more-matchers.h>

#include "app/panels/interleavings_panel.h"
#include "core/base/data_folder.h"
#include "tests/app/panels/samples.h"
#include "tests/app/support/ui_driver.h"

namespace heddle::test {
namespace {

using testing_support::UiDriver;

struct Panel {
    explicit Panel(std::shared_ptr<const model::Snapshot> shown, Vec2 size = {900, 700},
                   const Theme& theme = make_theme(ThemeKind::kDark), Language language = Language::kEnglish)
        : snapshot(std::move(shown)),
          ui(
              size,
              [this, size](widgets::Ui& frame) {
                  panels::Context context{frame, commands};
                  panels::draw_interleavings(*snapshot, state, context, {0, 0, size.x, size.y});
                  if (!context.schedule_chosen.empty()) chosen = context.schedule_chosen;
              },
              theme, language) {
        ui.settle();
    }

    bool says(std::string_view text) const {
        for (const canvas::TextRecord& record : ui.log().texts)
            if (record.text.find(text) != std::string::npos) return true;
        return false;
    }
    std::string row_of_end(std::size_t end) const {
        return "interleavings.row." + std::to_string(snapshot->exploration->tree->ends[end].node);
    }

    std::shared_ptr<const model::Snapshot> snapshot;
    panels::InterleavingsState state;
    std::vector<model::PlaybackCommand> commands;
    std::string chosen;
    UiDriver ui;
};

TEST(Interleavings, AClickOnAnEndChoosesItsSchedule) {
    Panel panel(sample_exploration());
    for (std::size_t end = 0; end < 4; ++end) {
        panel.ui.click(panel.row_of_end(end));
        EXPECT_EQ(panel.chosen, panel.snapshot->exploration->tree->ends[end].schedule);
    }
    EXPECT_TRUE(panel.commands.empty());
}

TEST(Interleavings, TheKeyboardChoosesAnEnd) {
    Panel panel(sample_exploration());
    panel.ui.state.focus = "interleavings.tree", panel.ui.state.focus_visible = true;
    panel.ui.press(Key::kDown);
    panel.ui.press(Key::kDown);
    panel.ui.press(Key::kEnter);
    EXPECT_EQ(panel.chosen, panel.snapshot->exploration->tree->ends[panel.state.tree.rows[1].first_end].schedule);
    panel.ui.press(Key::kUp);
    panel.ui.press(Key::kEnter);
    EXPECT_EQ(panel.chosen, panel.snapshot->exploration->tree->ends[panel.state.tree.rows[0].first_end].schedule);
}

// A lecturer's clicker: from end to end, each said in a sentence, its outcome marked; back before the first, none is.
TEST(Interleavings, AClickerGoesFromEndToEndBeforeAnAudience) {
    Panel panel(sample_exploration());
    panel.ui.press(Key::kPageDown);
    EXPECT_EQ(panel.state.row, SIZE_MAX) << "without an audience they scroll";
    panel.ui.theme = make_theme(ThemeKind::kDark, true);
    panel.ui.settle();
    const std::size_t rows = panel.state.tree.rows.size();
    for (std::size_t row = 0; row < rows; ++row) {
        panel.ui.press(Key::kPageDown);
        panel.ui.settle();
        EXPECT_EQ(panel.state.row, row);
        EXPECT_TRUE(panel.ui.has("interleavings.chosen"));
        EXPECT_TRUE(panel.says(std::to_string(row + 1) + " of " + std::to_string(rows)));
    }
    panel.ui.press(Key::kPageDown);
    EXPECT_EQ(panel.state.row, rows - 1) << "the last stays";
    panel.ui.press(Key::kEnter);
    EXPECT_EQ(panel.chosen, panel.snapshot->exploration->tree->ends[panel.state.tree.rows[rows - 1].first_end].schedule);
    for (std::size_t i = 0; i < rows; ++i) panel.ui.press(Key::kPageUp);
    panel.ui.settle();
    EXPECT_EQ(panel.state.row, SIZE_MAX);
    EXPECT_FALSE(panel.ui.has("interleavings.chosen"));
}

// A clicker cannot scroll: before an audience the steps stand beside the tree, on a projector, too.
TEST(Interleavings, ShowAnAudienceTheStepsOfTheBug) {
    for (const Language language : {Language::kEnglish, Language::kKorean}) {
        Panel panel(sample_exploration(), {778, 696}, make_theme(ThemeKind::kDark, true), language);
        const Rect list = panel.ui.rect("interleavings.findings");
        std::size_t seen = 0;
        for (std::size_t i = 0; panel.ui.has("interleavings.step." + std::to_string(i)); ++i)
            if (list.contains(panel.ui.rect("interleavings.step." + std::to_string(i)))) ++seen;
        EXPECT_GE(seen, std::min<std::size_t>(6, panel.snapshot->exploration->bugs.front().steps.size()));
        EXPECT_TRUE(panel.ui.has("interleavings.outcome.0"));
        EXPECT_LT(panel.ui.rect("interleavings.outcome.0").right(), list.x) << "below the tree";
    }
}

TEST(Interleavings, AnOutcomeAndABugCanBeSteppedThrough) {
    Panel panel(sample_exploration());
    panel.ui.click("interleavings.outcome.1");
    EXPECT_EQ(panel.chosen, "h1:1.1,2.1,3.2,2.2,1.2");
    panel.ui.click("interleavings.step_through");
    EXPECT_EQ(panel.chosen, "h1:1.1,2.2,3.2,1.2") << "the first bug";
    panel.ui.click("interleavings.bug.1");
    panel.ui.settle();
    panel.ui.click("interleavings.step_through");
    EXPECT_EQ(panel.chosen, "h1:1.1,2.1,3.2,2.2,1.2");
}

TEST(Interleavings, OutcomesOfOneKindOfBugAreToldApart) {
    auto run = sample_exploration();
    auto found = std::make_shared<model::ExploreSnapshot>(*run->exploration);
    found->outcomes = {{"seats = 0, sold = 1", 2, "h1:1.1", "assertion"}, {"seats = -1, sold = 1", 2, "h1:2.1", "assertion"}};
    run->exploration = found;
    Panel panel(run);
    EXPECT_TRUE(panel.says("assertion failed: seats = 0"));
    EXPECT_TRUE(panel.says("assertion failed: seats = -1"));
    EXPECT_FALSE(panel.says("sold")) << "all have it";
}

TEST(Interleavings, PointsAtTheLineOfTheStepUnderThePointer) {
    Panel panel(sample_exploration());
    ASSERT_EQ(panel.state.pointed.size(), 2U) << "the two accesses of the race, while nothing is pointed at";
    panel.ui.move_to("interleavings.step.2");
    panel.ui.settle();
    ASSERT_EQ(panel.state.pointed.size(), 1U);
    EXPECT_EQ(panel.state.pointed[0].line, 7);
}

TEST(Interleavings, CancelStopsASearchThatIsUnderWay) {
    Panel panel(sample_search());
    EXPECT_TRUE(panel.says("1,234,567"));
    panel.ui.click("interleavings.cancel");
    ASSERT_EQ(panel.commands.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<model::StopRun>(panel.commands[0]));
    EXPECT_FALSE(Panel(sample_exploration()).ui.has("interleavings.cancel"));
}

TEST(Interleavings, ABranchIsLookedIntoAndLeftAgain) {
    Panel panel(sample_search(), {700, 420});
    const auto& rows = panel.state.tree.rows;
    const auto mixed = std::find_if(rows.begin(), rows.end(),
                                    [](const layout::TreeRow& row) { return row.outcome == layout::TreeRow::kMixed; });
    ASSERT_NE(mixed, rows.end());
    const std::uint32_t node = mixed->node;
    panel.ui.wheel("interleavings.tree", -static_cast<float>(mixed->box.y - 100) / 56);
    panel.ui.settle();
    panel.ui.click("interleavings.row." + std::to_string(node));
    panel.ui.settle();
    EXPECT_EQ(panel.state.root, node);
    EXPECT_TRUE(panel.chosen.empty());
    panel.ui.click("interleavings.whole");
    panel.ui.settle();
    EXPECT_EQ(panel.state.root, 0U);
}

TEST(Interleavings, AnotherExplorationBeginsWithTheWholeTree) {
    Panel panel(sample_search());
    panel.state.root = 5;
    panel.snapshot = sample_exploration();
    panel.ui.settle();
    EXPECT_EQ(panel.state.root, 0U);
}

TEST(Interleavings, WhatCannotBeExploredIsSaidWhereTheTreeWouldBe) {
    auto found = std::make_shared<model::ExploreSnapshot>();
    found->status = model::ExploreStatus::kEnded, found->verdict = model::ExploreVerdict::kNoneBounded;
    found->incomplete = {"explore.incomplete.call", {{"call", "pipe"}}, model::kNobody};
    auto snapshot = std::make_shared<model::Snapshot>();
    snapshot->exploration = found;
    EXPECT_TRUE(Panel(snapshot).says("pipe"));
    EXPECT_TRUE(Panel(std::make_shared<model::Snapshot>()).says("Explore has not been run"));
}

}  // namespace
}  // namespace heddle::test
