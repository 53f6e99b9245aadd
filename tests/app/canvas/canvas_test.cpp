// Canvas: what is written down about a picture, how text is fitted, and the SVG that says the same.
#include "app/canvas/canvas.h"

#include <gmock/gmock-more-matchers.h>

#include <memory>

#include "app/canvas/fonts.h"
#include "app/canvas/svg_canvas.h"
#include "app/canvas/symbols.h"
#include "app/window/ui_host.h"

namespace heddle::canvas {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr TextStyle kText{15, rgb(0xffffff)};

class CanvasTest : public testing::Test {
protected:
    void SetUp() override {
        host = window::UiHost::create(nullptr, find_fonts().value()).value();
        host->fonts().add_text("스레드가 값을 읽습니다");
        const float sizes[] = {13, 15};
        ASSERT_TRUE(host->build_fonts(sizes, 1));
        canvas = &host->begin({400, 300}, 1, 1 / 60.f);
        canvas->set_log(&log);
        canvas->push_clip({0, 0, 400, 300});
    }
    void TearDown() override {
        canvas->pop_clip();
        host->end();
    }
    std::unique_ptr<window::UiHost> host;
    Canvas* canvas = nullptr;
    LayoutLog log;
};

TEST_F(CanvasTest, SnapsFillsToPixelsAndKeepsThemVisible) {
    EXPECT_EQ(canvas->snapped({10.4f, 10.6f, 0.01f, 5}), (Rect{10, 11, 1, 5}));
    canvas->fill({10.4f, 20, 0.01f, 5}, rgb(0xff0000));
    ASSERT_EQ(log.fills.size(), 1u);
    EXPECT_EQ(log.fills[0].rect.w, 1);
}

TEST_F(CanvasTest, ShortensATextThatIsTooWideAndSaysSo) {
    canvas->text({0, 0, 80, 20}, "a rather long sentence", kText);
    canvas->text({0, 0, 300, 20}, "short", kText);
    EXPECT_TRUE(log.texts[0].elided);
    EXPECT_LE(log.texts[0].ink.right(), 80.5f);
    EXPECT_FALSE(log.texts[1].elided);
    EXPECT_FALSE(log.texts[1].cut);
}

TEST_F(CanvasTest, NoticesATextThatIsCutByItsContainer) {
    canvas->push_clip({0, 0, 40, 20});
    canvas->text({0, 0, 200, 20}, "a rather long sentence", kText, Fit::kOverflow);
    canvas->pop_clip();
    EXPECT_TRUE(log.texts[0].cut);
}

TEST_F(CanvasTest, BreaksParagraphsBetweenWordsInBothLanguages) {
    const float one = canvas->paragraph({0, 0, 380, 0}, "스레드가 값을 읽습니다", kText, false);
    const float three = canvas->paragraph({0, 0, 70, 0}, "스레드가 값을 읽습니다", kText);
    EXPECT_FLOAT_EQ(one, canvas->line_height(kText));
    EXPECT_FLOAT_EQ(three, 3 * canvas->line_height(kText));
    for (const TextRecord& line : log.texts) EXPECT_LE(line.ink.w, 70) << line.text;
    EXPECT_GT(canvas->paragraph({0, 0, 2, 0}, "narrow", kText, false), 5 * canvas->line_height(kText))
        << "it ends, whatever the width";
}

// Korean sets a bracket right behind its word: what follows the bracket, a full stop at last, stays with it.
TEST_F(CanvasTest, BreaksALongWordBeforeItsBracket) {
    const std::string text = "읽었습니다(main.cpp:11).";
    canvas->paragraph({0, 0, canvas->measure(text, kText) - 2, 0}, text, kText);
    ASSERT_EQ(log.texts.size(), 2u);
    EXPECT_EQ(log.texts[0].text, "읽었습니다");
    EXPECT_EQ(log.texts[1].text, "(main.cpp:11).");
}

TEST_F(CanvasTest, MonospaceHangulIsTwoCellsWide) {
    for (const bool bold : {false, true}) {
        const TextStyle mono{15, rgb(0xffffff), Family::kMono, bold};
        EXPECT_FLOAT_EQ(canvas->measure("값", mono), 2 * canvas->measure("x", mono)) << bold;
        EXPECT_FLOAT_EQ(canvas->measure("값을 x", mono), 6 * canvas->measure("x", mono)) << bold;
    }
}

TEST_F(CanvasTest, KnowsWhatLiesUnderAText) {
    canvas->fill({0, 0, 100, 40}, rgb(0x202020));
    canvas->text({10, 10, 80, 20}, "on grey", kText);
    canvas->fill({0, 0, 400, 300}, rgb(0xff0000));
    EXPECT_EQ(log.background(log.texts[0], rgb(0x000000)), rgb(0x202020)) << "what is painted later does not count";
}

TEST_F(CanvasTest, SvgHoldsRealTextEscapedAndTheFontsByName) {
    SvgCanvas svg(host->fonts(), {200, 100}, rgb(0x101010), "a < b", "first & last");
    svg.text({0, 0, 200, 20}, "if (a < b && c)", {15, rgb(0xe69f00), Family::kMono, true});
    svg.push_clip({0, 0, 50, 50});
    svg.fill({1, 2, 3, 4}, rgb(0x00ff00).with_alpha(0.5f), 1);
    svg.pop_clip();
    const std::string out = svg.finish();
    EXPECT_THAT(out, HasSubstr("<title>a &lt; b</title>"));
    EXPECT_THAT(out, HasSubstr(">&amp;&amp; </tspan>"));
    EXPECT_THAT(out, HasSubstr("DejaVu Sans Mono"));
    EXPECT_THAT(out, HasSubstr("fill=\"#00ff00\" fill-opacity=\"0.5\""));
    EXPECT_THAT(out, HasSubstr("clip-path"));
    EXPECT_THAT(out, Not(HasSubstr("nan")));
}

TEST_F(CanvasTest, DrawsEveryShapePatternAndIconWithoutLeavingItsBox) {
    for (int i = 0; i < static_cast<int>(Icon::kCount); ++i) {
        const std::size_t before = log.fills.size();
        draw_icon(*canvas, static_cast<Icon>(i), {100, 100}, 24, rgb(0xffffff));
        for (std::size_t f = before; f < log.fills.size(); ++f)
            EXPECT_TRUE((Rect{86, 86, 28, 28}).contains(log.fills[f].rect)) << "icon " << i;
    }
    for (const Pattern pattern : {Pattern::kSolid, Pattern::kStripes, Pattern::kDots, Pattern::kThinLine})
        for (const float width : {0.2f, 1.f, 3.f, 40.f, 100000.f}) {
            const std::size_t before = log.fills.size();
            canvas->pattern({50, 50, width, 20}, pattern, rgb(0xffffff), rgb(0));
            for (std::size_t f = before; f < log.fills.size(); ++f) EXPECT_LE(log.fills[f].rect.h, 20.f);
        }
}

TEST(CodePoints, AreDecodedAndBadBytesReplaced) {
    const struct {
        const char* text;
        std::u32string points;
    } cases[] = {{"a락", U"a락"}, {"\xff", U"�"}, {"\xea\xb0", U"��"}, {"\xc0\x80", U"��"}, {"\xf0\x9f\x98\x80", U"😀"}};
    for (const auto& c : cases) {
        std::u32string got;
        const std::string_view text = c.text;
        for (std::size_t at = 0; at < text.size();) got += next_code_point(text, at);
        EXPECT_EQ(got, c.points) << c.text;
    }
}

TEST(FontFiles, ASubstitutedFontIsNotAccepted) {
    const auto missing = find_fonts("No Such Family");
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message(), HasSubstr("fonts-dejavu-core"));
    const auto without_korean = find_fonts("DejaVu Sans", "No Such Korean");
    ASSERT_TRUE(without_korean);
    EXPECT_FALSE(without_korean->korean);
    ASSERT_TRUE(without_korean->no_korean);
    EXPECT_THAT(without_korean->no_korean->remedy, HasSubstr("fonts-noto-cjk"));
}

}  // namespace
}  // namespace heddle::canvas
