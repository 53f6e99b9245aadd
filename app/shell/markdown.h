// Lessons' Markdown as plain blocks and spans (pure, through md4c), broken into lines, and painted on a Canvas. Called by the
// lesson pane on the main thread. Never fails: what is no Markdown is text; HTML is shown as it is written.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/canvas/canvas.h"
#include "app/theme.h"

namespace heddle::shell {

struct Span {
    std::string text;
    bool strong = false, code = false, link = false;  // emphasis is strong too: Korean has no italics
    bool operator==(const Span&) const = default;
};

struct Block {
    enum class Kind : std::uint8_t { kHeading, kParagraph, kItem, kCode, kRule };
    Kind kind = Kind::kParagraph;
    int level = 0;            // of a heading: 1 … 6
    int depth = 0;            // lists (and quotes) around it
    int number = 0;           // of an item of a numbered list; 0: a bullet
    std::vector<Span> spans;  // a code block has one, its text with newlines
    bool operator==(const Block&) const = default;
};

// The address of a link follows its text in brackets where the two differ.
std::vector<Block> parse_markdown(std::string_view text);

// A piece of a line: a part of one span, without the spaces at a line's ends.
struct Piece {
    std::size_t span = 0;
    std::string text;
    float x = 0, width = 0;
    bool operator==(const Piece&) const = default;
};
using Line = std::vector<Piece>;
using MeasureSpan = std::function<float(const Span&, std::string_view)>;
// Lines break at spaces; a word (also one of several spans) that is wider than a whole line breaks between code points.
std::vector<Line> break_lines(std::span<const Span> spans, float width, const MeasureSpan& measure);

// Paints blocks from the top of the box and returns the height used; with draw = false it only measures. Lines of code blocks
// that are too wide end in an ellipsis.
float draw_markdown(canvas::Canvas& canvas, const Theme& theme, Rect box, std::span<const Block> blocks, bool draw = true);

}  // namespace heddle::shell
