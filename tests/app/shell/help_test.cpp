#include <gmock/gmock-more-matchers.h>

#include "app/widgets/controls.h"
#include "tests/app/shell/pages.h"

namespace heddle::test {
namespace {

using testing_support::UiDriver;

struct Reader {
    shell::HelpState state;
    shell::Commands commands;
    int below = 0;  // clicks that reached the button under the help
    UiDriver driver;

    explicit Reader(bool open = true)
        : state{open, {}}, driver({1280, 720}, [this](widgets::Ui& ui) {
              panels::Context context{ui, commands.playback};
              if (widgets::button(ui, "below", {600, 300, 100, 40}, {"Below"})) ++below;
              if (widgets::button(ui, "aside", {0, 0, 60, 40}, {"Aside"})) ++below;
              shell::draw_help(state, context, commands, {0, 0, 1280, 720});
          }) {}

    bool asked_to_close() const {
        if (commands.app.size() != 1) return false;
        const auto* help = std::get_if<shell::SetHelp>(&commands.app.front());
        return help && !help->open;
    }
};

TEST(Help, DrawsNothingWhileItIsClosed) {
    Reader reader(false);
    EXPECT_FALSE(reader.driver.has("help.card"));
    reader.driver.click("below");
    EXPECT_EQ(reader.below, 1);
}

TEST(Help, ClosesByEscapeItsCrossOrAClickBesideIt) {
    Reader by_key;
    by_key.driver.press(Key::kEscape);
    EXPECT_TRUE(by_key.asked_to_close());
    Reader by_cross;
    by_cross.driver.click("help.close");
    EXPECT_TRUE(by_cross.asked_to_close());
    Reader beside;
    beside.driver.click("aside");
    EXPECT_TRUE(beside.asked_to_close());
    EXPECT_EQ(beside.below, 0);
}

TEST(Help, KeepsClicksAndTabFromWhatItCovers) {
    Reader reader;
    reader.driver.click("below");
    EXPECT_EQ(reader.below, 0);
    EXPECT_TRUE(reader.commands.app.empty()) << "a click on the help itself closes nothing";
    reader.driver.press(Key::kTab);
    EXPECT_EQ(reader.driver.state.focus, "help.close");
}

TEST(Help, ExplainsEveryBadge) {
    Reader reader;
    for (const char* badge : {"REAL", "CONTROLLED", "SAMPLED"}) {
        const auto& texts = reader.driver.log().texts;
        EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.text == badge; })) << badge;
    }
}

TEST(Help, FitsTheSmallestWindowWithoutScrolling) {
    Reader reader;
    EXPECT_FALSE(reader.driver.has("help.bar"));
    EXPECT_GT(reader.driver.rect("help.card").h, 400);
}

}  // namespace
}  // namespace heddle::test
