// "Who goes next?" under a person's hands: the buttons and keys let a thread go, say whom a signal wakes, and take a saved run
// up again.
#include <gmock/gmock-more-matchers.h>

#include "tests/app/panels/samples.h"
#include "tests/app/shell/pages.h"
#include "tests/app/shell/shell_driver.h"

namespace heddle::test {
namespace {

using namespace shell;

ShellDriver window_of(std::shared_ptr<model::Snapshot> run, Vec2 size = {1600, 1000}) {
    return ShellDriver(size, std::move(run), make_theme(ThemeKind::kDark));
}

TEST(Turns, AButtonAndAKeyLetTheThreadGo) {
    ShellDriver window = window_of(sample_turns());
    window.ui().click("turns.3");
    ASSERT_TRUE(window.playback<model::StepThread>());
    EXPECT_EQ(window.playback<model::StepThread>()->thread, 3);
    window.commands = {};
    window.ui().press(Key::k2);
    ASSERT_TRUE(window.playback<model::StepThread>());
    EXPECT_EQ(window.playback<model::StepThread>()->thread, 2);
    window.commands = {};
    window.ui().press(Key::k1);
    EXPECT_TRUE(window.commands.playback.empty()) << "T1 waits";
    EXPECT_FALSE(window.ui().has("turns.spurious")) << "nobody waits on a condition variable";
}

TEST(Turns, ASignalWakesWhomOneChooses) {
    for (const Vec2 size : {Vec2{1600, 1000}, Vec2{1280, 720}}) {
        ShellDriver window = window_of(sample_signal(), size);
        window.ui().click("turns.1.wakes.2");
        ASSERT_TRUE(window.playback<model::StepThread>());
        EXPECT_EQ(window.playback<model::StepThread>()->thread, 1) << "the one that signals takes the step";
        EXPECT_EQ(window.playback<model::StepThread>()->choice, 1u) << "T2 is second in the queue";
        window.commands = {};
        window.ui().press(Key::k3, false, true);
        ASSERT_TRUE(window.playback<model::StepThread>());
        EXPECT_EQ(window.playback<model::StepThread>()->thread, 1);
        EXPECT_EQ(window.playback<model::StepThread>()->choice, 0u);
    }
}

TEST(Turns, AWaitEndsWithoutASignalWhereThatIsAllowed) {
    const auto run = sample_signal();
    ShellDriver window = window_of(run);
    window.ui().click("turns.2");
    ASSERT_TRUE(window.playback<model::StepThread>());
    EXPECT_EQ(window.playback<model::StepThread>()->thread, 2);
    window.commands = {};
    window.ui().click("turns.3");
    EXPECT_TRUE(window.commands.playback.empty()) << "it may not wake now";
    window.ui().click("turns.spurious");
    ASSERT_TRUE(window.playback<model::SetSpurious>());
    EXPECT_FALSE(window.playback<model::SetSpurious>()->on);
    run->step->pending[0].wakes.clear();
    window.commands = {};
    window.ui().press(Key::k2, false, true);
    ASSERT_TRUE(window.playback<model::StepThread>());
    EXPECT_EQ(window.playback<model::StepThread>()->thread, 2);
}

TEST(Turns, ASavedRunIsTakenUpFromItsStep) {
    const auto run = sample_turns();
    run->step->saved = true;
    ShellDriver window = window_of(run);
    window.ui().click("turns.2");
    window.ui().press(Key::k2);
    EXPECT_TRUE(window.commands.playback.empty());
    window.ui().click("turns.take_up");
    ASSERT_TRUE(window.app<OpenScenario>());
    EXPECT_EQ(window.app<OpenScenario>()->mode, model::Mode::kStep);
    EXPECT_EQ(window.app<OpenScenario>()->schedule, "h1:1.5,2.2,3.2");
    EXPECT_EQ(window.app<OpenScenario>()->parameters.at("increments"), 1);
}

TEST(Turns, ARunIsSaved) {
    ShellDriver window = window_of(sample_turns());
    window.ui().press(Key::kS, false, true);
    EXPECT_TRUE(window.app<SaveRun>());
    EXPECT_FALSE(window.app<SavePicture>());
    window.commands = {};
    window.ui().click("topbar.save");
    EXPECT_TRUE(window.app<SaveRun>());
    EXPECT_FALSE(window_of(sample_exploration()).ui().has("topbar.save"));
}

}  // namespace
}  // namespace heddle::test
