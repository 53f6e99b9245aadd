// Source code: what its pieces are, where its lines and markers go, and that it scrolls no more than it must.
#include "app/layout/code_layout.h"

#include <gmock/gmock-more-matchers.h>

#include "app/layout/cpp_lexer.h"
#include "app/layout/units.h"

namespace heddle::layout {
namespace {

// "kkk ttt": a letter per byte; p plain, k keyword, t type, n number, s string, c comment, # preprocessor.
std::string kinds(const std::vector<std::string>& lines, std::size_t line) {
    std::string out;
    const auto all = lex_cpp(lines);
    for (const Token& token : all[line]) out.append(token.end - token.begin, "pktnsc#"[static_cast<int>(token.kind)]);
    return out;
}

TEST(Lexer, TellsTheKindsApart) {
    struct Case {
        const char *line, *kinds;
    };
    for (const Case& c : {Case{"int x = 0;", "tttpppppnp"},
                          {"return 0x1F + 1'000;", "kkkkkkpnnnnpppnnnnnp"},
                          {"\"a\\\"b\" + 'c'",
                           "ssssssppp"
                           "sss"},
                          {"x; // int",
                           "ppp"
                           "cccccc"},
                          {"a /* b */ c", "ppcccccccpp"},
                          {"#include <thread>", "#################"},
                          {"mutex.lock();", "ppppppppppppp"},
                          {"std::mutex m;",
                           "pppppttttt"
                           "ppp"},
                          {"1.5e-3f", "nnnnnnn"},
                          {"", ""}}) {
        EXPECT_EQ(kinds({c.line}, 0), c.kinds) << c.line;
    }
}

TEST(Lexer, CarriesCommentsAndRawStringsOverLines) {
    EXPECT_EQ(kinds({"/* one", "two */ int"}, 1), "ccccccpttt");
    EXPECT_EQ(kinds({"auto s = R\"x(a", "// no", "b)x\";"}, 1), "sssss");
    EXPECT_EQ(kinds({"auto s = R\"x(a", "// no", "b)x\";"}, 2), "ssssp");
    EXPECT_EQ(kinds({"#define A \\", "  int"}, 1), "#####");
}

TEST(Lexer, CoversAnyBytesWithoutHoles) {
    const std::vector<std::string> odd = {"// 주석",      "\"open", "'",  "\\",   std::string("a\0b", 3),
                                          "\xff\xfe int", "R\"",    "/*", "*/ 8'"};
    const auto lines = lex_cpp(odd);
    ASSERT_EQ(lines.size(), odd.size());
    for (std::size_t i = 0; i < odd.size(); ++i) {
        std::size_t at = 0;
        for (const Token& token : lines[i]) {
            EXPECT_EQ(token.begin, at);
            EXPECT_GT(token.end, token.begin);
            at = token.end;
        }
        EXPECT_EQ(at, odd[i].size());
    }
}

TEST(Cells, CountHangulTwice) {
    EXPECT_EQ(cells("int x"), 5);
    EXPECT_EQ(cells("// 증가"), 7);
    EXPECT_EQ(cells("\ta"), 5);
    EXPECT_EQ(cells("ab\tc"), 5);
    EXPECT_EQ(cells("\xff"), 1);
}

TEST(Units, AddressesAreReadInGroups) {
    EXPECT_EQ(address_text(0x404040), "0x404040");
    EXPECT_EQ(address_text(0x7ffd3a2c1000), "7ffd 3a2c 1000");
    EXPECT_EQ(address_text(0xffff800000000000), "ffff 8000 0000 0000");
}

TEST(Units, ElidesTheMiddleByWholeLetters) {
    const auto measure = [](std::string_view text) { return static_cast<float>(cells(text)); };
    EXPECT_EQ(elided_middle("short", 10, measure), "short");
    EXPECT_EQ(elided_middle("/usr/lib/libc.so.6", 9, measure), "/usr…so.6");
    EXPECT_EQ(elided_middle("가나다라마바", 7, measure), "가…마바");
    EXPECT_EQ(elided_middle("anything", 0, measure), "…");
}

model::CodeView code(int lines, std::vector<model::CodeMarker> markers = {}) {
    auto file = std::make_shared<model::SourceFile>();
    file->lines.assign(static_cast<std::size_t>(lines), "x");
    model::CodeView view;
    view.source = file, view.markers = std::move(markers);
    return view;
}

TEST(CodeLayout, PutsMarkersSideBySideBeforeTheNumber) {
    const CodeLayout layout = code_layout(code(20, {{2, 7}, {1, 7}, {3, 9}}), {0, 0, 300, 400}, 20, 8, 16, 2, 0);
    const CodeLine& line = layout.lines[6];
    EXPECT_EQ(line.number, 7);
    EXPECT_THAT(line.threads, testing::ElementsAre(1, 2));
    EXPECT_EQ(line.markers[0], (Rect{2, 122, 16, 16}));
    EXPECT_EQ(line.markers[1], (Rect{20, 122, 16, 16}));
    EXPECT_GE(line.number_box.x, line.markers[1].right());
    EXPECT_GE(line.text.x, line.number_box.right());
}

TEST(CodeLayout, ShowsOnlyLinesInView) {
    const CodeLayout layout = code_layout(code(1000), {0, 50, 300, 100}, 20, 8, 16, 2, 200);
    ASSERT_EQ(layout.lines.size(), 5u);
    EXPECT_EQ(layout.lines.front().number, 11);
    EXPECT_EQ(layout.lines.front().row.y, 50);
    EXPECT_EQ(layout.height, 20'000);
}

TEST(CalmScroll, StaysWhileTheLineIsComfortablySeen) {
    EXPECT_EQ(calm_scroll(100, 12, 100, 20, 400), 100);
    EXPECT_EQ(calm_scroll(0, 1, 100, 20, 400), 0) << "the first line needs nothing above it";
    const float moved = calm_scroll(0, 60, 100, 20, 400);
    EXPECT_NEAR(moved, 59 * 20 - 400 / 3.f, 0.01f);
    EXPECT_EQ(calm_scroll(moved, 61, 100, 20, 400), moved);
    EXPECT_EQ(calm_scroll(0, 100, 100, 20, 400), 1600) << "never beyond the end";
    EXPECT_EQ(calm_scroll(50, 2, 5, 20, 400), 0) << "a file that fits does not scroll";
}

TEST(CalmScroll, ShowsAnotherLineTooWhereBothHaveRoom) {
    EXPECT_EQ(scroll_to_both(240, 15, 21, 20, 160), 260) << "lines 14 to 21";
    EXPECT_EQ(scroll_to_both(240, 15, 10, 20, 160), 180);
    EXPECT_EQ(scroll_to_both(240, 15, 16, 20, 160), 240) << "it is seen already";
    EXPECT_EQ(scroll_to_both(240, 15, 24, 20, 160), 240) << "one of the two would be lost";
    EXPECT_EQ(scroll_to_both(240, 15, 0, 20, 160), 240) << "there is none";
}

}  // namespace
}  // namespace heddle::layout
