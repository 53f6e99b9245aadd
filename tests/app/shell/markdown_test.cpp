#include "app/shell/markdown.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::shell {
namespace {

using Kind = Block::Kind;
using testing::ElementsAre;

Span plain(std::string text) {
    return {std::move(text), false, false, false};
}
Span strong(std::string text) {
    return {std::move(text), true, false, false};
}
Span code(std::string text) {
    return {std::move(text), false, true, false};
}
Span link(std::string text) {
    return {std::move(text), false, false, true};
}
Block heading(int level, std::string text) {
    return {Kind::kHeading, level, 0, 0, {plain(std::move(text))}};
}
Block paragraph(std::vector<Span> spans) {
    return {Kind::kParagraph, 0, 0, 0, std::move(spans)};
}
Block item(std::vector<Span> spans, int depth = 1, int number = 0) {
    return {Kind::kItem, 0, depth, number, std::move(spans)};
}

TEST(Markdown, BecomesBlocksAndSpans) {
    struct Case {
        const char* text;
        std::vector<Block> blocks;
    };
    const std::vector<Case> cases = {
        {"", {}},
        {"# Lost update\n\n## What to watch", {heading(1, "Lost update"), heading(2, "What to watch")}},
        {"One\nline of `counter++` and **bold**.",
         {paragraph({plain("One line of "), code("counter++"), plain(" and "), strong("bold"), plain(".")})}},
        {"An *update was lost*.", {paragraph({plain("An "), strong("update was lost"), plain(".")})}},
        {"**`x` is y**", {paragraph({{"x", true, true, false}, strong(" is y")})}},
        {"- one\n- **two**: 2", {item({plain("one")}), item({strong("two"), plain(": 2")})}},
        {"3. three\n4. four", {item({plain("three")}, 1, 3), item({plain("four")}, 1, 4)}},
        {"- a\n\n  more of a\n\n- b",
         {item({plain("a")}), {Kind::kParagraph, 0, 1, 0, {plain("more of a")}}, item({plain("b")})}},
        {"- a\n  - b\n- c", {item({plain("a")}), item({plain("b")}, 2), item({plain("c")})}},
        {"```cpp\nint x;\n\n  ++x;\n```", {{Kind::kCode, 0, 0, 0, {code("int x;\n\n  ++x;")}}}},
        {"[the page](https://x.org)", {paragraph({link("the page"), plain(" (https://x.org)")})}},
        {"<https://x.org>", {paragraph({link("https://x.org")})}},
        {"a &lt; b &amp;&amp; c &#65;&#x2192; &nosuch;", {paragraph({plain("a < b && c A→ &nosuch;")})}},
        {"<b>no HTML</b>", {paragraph({plain("<b>no HTML</b>")})}},
        {"end  \nhere", {paragraph({plain("end\nhere")})}},
        {"- **만들기(잘못됨)**에서 둘을 **보자**.",
         {item({strong("만들기(잘못됨)"), plain("에서 둘을 "), strong("보자"), plain(".")})}},
        {"2 ** 3 ** 4", {paragraph({plain("2 ** 3 ** 4")})}},
        {"`counter`는 하나뿐이다.", {paragraph({code("counter"), plain("는 하나뿐이다.")})}},
        {"a\n\n---\n\nb", {paragraph({plain("a")}), {Kind::kRule, 0, 0, 0, {}}, paragraph({plain("b")})}},
    };
    for (const Case& c : cases) {
        const auto blocks = parse_markdown(c.text);
        ASSERT_EQ(blocks.size(), c.blocks.size()) << c.text;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            if (blocks[i].kind == Kind::kCode) {
                EXPECT_EQ(blocks[i].spans.front().text, c.blocks[i].spans.front().text) << c.text;
                continue;
            }
            EXPECT_TRUE(blocks[i] == c.blocks[i]) << c.text << ", block " << i;
        }
    }
}

TEST(Markdown, SurvivesWhateverIsInTheFile) {
    std::string noise;
    std::uint32_t seed = 7;
    for (int i = 0; i < 4000; ++i) {
        seed = seed * 1664525u + 1013904223u;
        noise += "*_`[]()<>#-1. \n&;!\\\xed\x95\x9c\xffz"[(seed >> 16) % 26];
    }
    EXPECT_FALSE(parse_markdown(noise).empty());
    EXPECT_FALSE(parse_markdown(std::string(3000, '>') + "x").empty());
    parse_markdown(std::string("a\0b", 3));
}

// Every code point is one wide, code has one more.
float width_of(const Span& span, std::string_view text) {
    float width = span.code && text != " " ? 1.f : 0.f;
    for (const char c : text) width += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1.f : 0.f;
    return width;
}

std::vector<std::string> lines_of(const std::vector<Span>& spans, float width) {
    std::vector<std::string> lines;
    for (const Line& line : break_lines(spans, width, width_of)) {
        std::string text;
        float x = 0;
        for (const Piece& piece : line) {
            EXPECT_LE(piece.x + piece.width, width + 0.1f) << piece.text;
            text += std::string(static_cast<std::size_t>(std::max(0.f, piece.x - x) + 0.5f), ' ') + piece.text;
            x = piece.x + piece.width;
        }
        lines.push_back(text);
    }
    return lines;
}

TEST(Lines, BreakAtSpacesAndInsideOfWordsOnlyWhereNeeded) {
    EXPECT_THAT(lines_of({plain("to be or not to be")}, 9), ElementsAre("to be or", "not to be"));
    EXPECT_THAT(lines_of({plain("unbelievably")}, 5), ElementsAre("unbel", "ievab", "ly"));
    EXPECT_THAT(lines_of({plain("갱신 손실이다")}, 5), ElementsAre("갱신", "손실이다"));
    EXPECT_THAT(lines_of({plain("동기화되지않은")}, 4), ElementsAre("동기화되", "지않은"));
    EXPECT_THAT(lines_of({plain("a\nb")}, 9), ElementsAre("a", "b"));
    EXPECT_THAT(lines_of({plain("  a  b  ")}, 9), ElementsAre("a b"));
    EXPECT_THAT(lines_of({}, 9), ElementsAre());
}

TEST(Lines, KeepSpansOfOneWordTogether) {
    EXPECT_THAT(lines_of({plain("In "), strong("mutex"), plain(": one")}, 8), ElementsAre("In", "mutex:", "one"));
    EXPECT_THAT(lines_of({plain("한 "), code("counter"), plain("는 하나")}, 10), ElementsAre("한", "counter는", "하나"));
    EXPECT_THAT(lines_of({strong("a"), plain("b "), code("c")}, 20), ElementsAre("ab c"));
}

TEST(Lines, SetWordsOfOneSpanAsOnePiece) {
    const std::vector<Span> spans = {plain("to be "), code("a + b"), plain(" or")};
    EXPECT_THAT(break_lines(spans, 40, width_of), ElementsAre(Line{{0, "to be", 0, 5}, {1, "a + b", 6, 6}, {2, "or", 13, 2}}));
}

TEST(Lines, LoseNoLetterAtAnyWidth) {
    const std::vector<Span> spans = {plain("The "), code("std::atomic<int>"), plain("는 쪼갤 수 없는, "), strong("indivisible"),
                                     plain(" step")};
    for (int width = 2; width < 60; ++width) {
        std::string all;
        for (const Line& line : break_lines(spans, static_cast<float>(width), width_of))
            for (const Piece& piece : line) all += piece.text;
        std::erase(all, ' ');
        EXPECT_EQ(all, "Thestd::atomic<int>는쪼갤수없는,indivisiblestep") << width;
    }
}

}  // namespace
}  // namespace heddle::shell
