// The house's controls, played by a person who knows them only by their ids.
#include <gmock/gmock-more-matchers.h>

#include "tests/app/support/gallery.h"
#include "tests/app/support/ui_driver.h"

namespace heddle::widgets {
namespace {

using testing::IsEmpty;
using testing_support::GalleryState;
using testing_support::UiDriver;

struct Gallery {
    explicit Gallery(Vec2 size = {1600, 1000}, Theme theme = make_theme(ThemeKind::kDark),
                     Language language = Language::kEnglish)
        : driver(
              size, [this](Ui& ui) { draw_gallery(ui, state); }, std::move(theme), language) {}
    GalleryState state;
    UiDriver driver;
};

TEST(Button, IsPressedByTheMouseOnlyWhereItIsReleased) {
    Gallery g;
    g.driver.click("run");
    EXPECT_EQ(g.state.clicks, 1);
    g.driver.drag("run", {5, 5});
    EXPECT_EQ(g.state.clicks, 1) << "the pointer left it before it was released";
}

TEST(Button, IsReachedByTabAndPressedByEnterOrSpace) {
    Gallery g;
    g.driver.press(Key::kTab);
    for (int i = 0; i < 60 && g.driver.state.focus != "run"; ++i) g.driver.press(Key::kTab);
    ASSERT_EQ(g.driver.state.focus, "run");
    g.driver.press(Key::kEnter);
    g.driver.press(Key::kSpace);
    EXPECT_EQ(g.state.clicks, 2);
    g.driver.press(Key::kTab, true);
    EXPECT_NE(g.driver.state.focus, "run");
}

TEST(Segmented, IsChosenByClickAndByArrowKeys) {
    Gallery g;
    g.driver.click("mode.explore");
    EXPECT_EQ(g.state.mode, 2);
    g.driver.press(Key::kLeft);
    EXPECT_EQ(g.state.mode, 2) << "after a click the arrows are left to others";
    g.driver.state.focus_visible = true;  // as Tab makes it
    g.driver.press(Key::kLeft);
    EXPECT_EQ(g.state.mode, 1);
    g.driver.press(Key::kLeft);
    g.driver.press(Key::kLeft);
    EXPECT_EQ(g.state.mode, 0) << "it stops at its first choice";
}

TEST(Tabs, RadioStepperSliderAndCheckbox_ChangeTheCallersValues) {
    Gallery g;
    g.driver.click("variant.atomic");
    g.driver.click("answer.c");
    g.driver.click("threads.more");
    g.driver.click("motion");
    EXPECT_EQ(g.state.tab, 2);
    EXPECT_EQ(g.state.answer, 2);
    EXPECT_EQ(g.state.threads, 3);
    EXPECT_FALSE(g.state.checked);
    for (int i = 0; i < 20; ++i) g.driver.click("threads.more");
    EXPECT_EQ(g.state.threads, 8);
    g.driver.drag("speed", {g.driver.rect("speed").right() + 50, 0});
    EXPECT_FLOAT_EQ(g.state.speed, 1);
}

TEST(SearchBox, EditsKoreanLetterByLetterAndKeepsShortcutsAway) {
    Gallery g;
    g.driver.click("rail.search");
    g.driver.type("락 lock");
    g.driver.press(Key::kHome);
    g.driver.press(Key::kDelete);
    EXPECT_EQ(g.state.search.text, " lock");
    g.driver.press(Key::kEnd);
    g.driver.press(Key::kBackspace);
    EXPECT_EQ(g.state.search.text, " loc");
    g.driver.press(Key::kA, false, true);
    g.driver.type("교착");
    EXPECT_EQ(g.state.search.text, "교착");
    g.driver.press(Key::kBackspace);
    EXPECT_EQ(g.state.search.text, "교");
    g.driver.click("rail.search.clear");
    EXPECT_EQ(g.state.search.text, "");
}

TEST(TextArea, IsEditedLineByLineByKeysPointerAndWhatIsPasted) {
    TextAreaState state;
    testing_support::UiDriver ui({400, 200}, [&](Ui& frame) {
        text_area(frame, "area", {20, 20, 300, 100}, state, "nothing");
        button(frame, "next", {20, 140, 100, 32}, {"Next"});
        if (frame.key(Key::kEnter) || frame.key(Key::k1)) FAIL() << "Enter and digits belong to the text";
    });
    ui.frame();
    ui.click("area");
    ui.type("1 2\n30");
    EXPECT_EQ(state.edited.text, "1 2\n30");
    ui.press(Key::kUp);
    ui.type("가");
    EXPECT_EQ(state.edited.text, "1 가2\n30") << "the column stays";
    ui.press(Key::kEnd), ui.press(Key::kBackspace);
    ui.type("7\r\n8\t9");
    EXPECT_EQ(state.edited.text, "1 가7\n8\t9\n30") << "pasted lines end as the system's do";
    ui.press(Key::kHome);
    ui.type("x");
    EXPECT_EQ(state.edited.text, "1 가7\nx8\t9\n30");
    ui.click("area");  // its middle is below the last line's end
    ui.type("!");
    EXPECT_EQ(state.edited.text, "1 가7\nx8\t9\n30!");
    ui.press(Key::kA, false, true);
    ui.type("end");
    EXPECT_EQ(state.edited.text, "end");
    ui.press(Key::kTab);
    EXPECT_EQ(ui.state.focus, "next") << "Tab leaves";
}

TEST(TextArea, KeepsTheCaretInSight) {
    TextAreaState state;
    testing_support::UiDriver ui({400, 200}, [&](Ui& frame) { text_area(frame, "area", {20, 20, 300, 100}, state, ""); });
    ui.frame();
    ui.click("area");
    for (int i = 1; i <= 30; ++i) ui.type(std::to_string(i) + "\n");
    ui.type("last");
    ui.settle();
    const auto shows = [&](std::string_view text) {
        return std::any_of(ui.log().texts.begin(), ui.log().texts.end(), [&](const auto& seen) { return seen.text == text; });
    };
    EXPECT_TRUE(shows("last"));
    EXPECT_FALSE(shows("1"));
    for (int i = 0; i < 30; ++i) ui.press(Key::kUp);
    ui.settle();
    EXPECT_TRUE(shows("1"));
}

TEST(TextField, JoinsPastedLinesAndLeavesEnterToItsCaller) {
    TextFieldState state;
    testing_support::UiDriver ui({400, 100}, [&](Ui& frame) { text_field(frame, "field", {20, 20, 300, 32}, state, ""); });
    ui.frame();
    ui.click("field");
    ui.type("a\nb\n");
    EXPECT_EQ(state.text, "a b");
    ui.press(Key::kA, false, true);
    ui.type("\n");
    EXPECT_EQ(state.text, "a b");
}

TEST(Tooltip, NamesTheKeyAfterAMoment) {
    Gallery g;
    g.driver.move_to("transport.2");
    EXPECT_FALSE(g.driver.has("tooltip"));
    ASSERT_TRUE(g.driver.wake_after) << "the window must wake to show it";
    g.driver.settle();
    EXPECT_TRUE(g.driver.has("tooltip"));
    bool named = false;
    for (const canvas::TextRecord& text : g.driver.log().texts) named |= text.text == "Space";
    EXPECT_TRUE(named);
}

TEST(Tooltip, LeavesOncePressedUntilThePointerComesAgain) {
    Gallery g;
    g.driver.click("transport.2");
    g.driver.wait(2);
    EXPECT_FALSE(g.driver.has("tooltip")) << "it would cover what one looks at next";
    g.driver.move_to("mode.run");
    g.driver.move_to("transport.2");
    g.driver.wait(2);
    EXPECT_TRUE(g.driver.has("tooltip"));
}

TEST(Motion, EndsWithinAQuarterOfASecondAndIsOffWhenAsked) {
    Gallery g;
    g.driver.click("mode.run");
    EXPECT_FALSE(g.driver.wake_after) << "an idle picture asks for no frame";
    g.driver.move_to("mode.step");
    Input press;
    press.down = press.pressed = true;
    g.driver.frame(press);
    Input release;
    release.released = true;
    g.driver.frame(release);
    int frames = 0;
    while (g.driver.wake_after && *g.driver.wake_after == 0) g.driver.frame(), ++frames;
    EXPECT_LE(frames, 16);
    EXPECT_GE(frames, 4);
    g.driver.theme.reduce_motion = true;
    g.driver.move_to("mode.run");
    g.driver.frame(press);
    g.driver.frame(release);
    g.driver.frame();
    EXPECT_TRUE(!g.driver.wake_after || *g.driver.wake_after > 0);
}

TEST(ScrollArea, ScrollsByWheelAndHidesWhatIsOutside) {
    ScrollState scroll;
    int clicked = -1;
    UiDriver driver({300, 200}, [&](Ui& ui) {
        ScrollArea area(ui, "list", {0, 0, 300, 200}, scroll);
        Rect rows = area.content();
        const float top = rows.y;
        for (int i = 0; i < 20; ++i) {
            RowSpec row;
            row.text = std::to_string(i);
            if (tree_row(ui, std::string("row.").append(std::to_string(i)), rows.take_top(32), row)) clicked = i;
        }
        area.end(rows.y - top);
    });
    EXPECT_THROW(driver.click("row.15"), std::runtime_error) << "it cannot be seen yet";
    driver.wheel("list", -30);
    driver.click("row.19");
    EXPECT_EQ(clicked, 19);
    EXPECT_FLOAT_EQ(scroll.offset, 20 * 32 - 200);
}

TEST(Layers, TakeThePointerFromWhatLiesBelow) {
    int below = 0, above = 0;
    bool open = true;
    UiDriver driver({300, 200}, [&](Ui& ui) {
        below += ui.interact("below", {0, 0, 300, 200}).clicked;
        if (!open) return;
        ui.push_layer();
        above += ui.interact("above", {100, 50, 100, 100}).clicked;
        ui.pop_layer();
    });
    driver.click("above");
    EXPECT_EQ(above, 1);
    EXPECT_EQ(below, 0);
    Input outside;
    outside.pointer = {10, 10};
    driver.frame(outside);
    driver.click("below");
    EXPECT_EQ(below, 0) << "a dialog keeps the rest of the window still";
    open = false;
    driver.settle();
    driver.click("below");
    EXPECT_EQ(below, 1);
}

TEST(WidgetsDeathTest, AnIdIsUsedOnceInAFrame) {
    EXPECT_DEATH(UiDriver({100, 100},
                          [](Ui& ui) {
                              ui.interact("a", {0, 0, 9, 9}), ui.interact("a", {9, 9, 9, 9});
                          }),
                 "used twice");
}

TEST(Gallery, HasNoCutOrFaintTextInAnyThemeLanguageOrSize) {
    for (const Vec2 size : {Vec2{1280, 720}, Vec2{1600, 1000}})
        for (const ThemeKind kind : {ThemeKind::kDark, ThemeKind::kLight, ThemeKind::kPrint})
            for (const Language language : {Language::kEnglish, Language::kKorean}) {
                Gallery g(size, make_theme(kind), language);
                EXPECT_THAT(g.driver.cut_texts(), IsEmpty()) << size.x << " theme " << int(kind);
                // What is switched off is meant to be faint (WCAG 1.4.3, "inactive user interface component").
                auto faint = g.driver.faint_texts();
                std::erase_if(faint, [](const std::string& text) { return text == "Off" || text == "없음"; });
                EXPECT_THAT(faint, IsEmpty()) << size.x << " theme " << int(kind);
            }
}

}  // namespace
}  // namespace heddle::widgets
