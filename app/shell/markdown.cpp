#include "app/shell/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "app/canvas/fonts.h"

namespace heddle::shell {
namespace {

std::string utf8_of(unsigned long code) {
    std::string out;
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6)), tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0);
    } else {
        out += static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0);
    }
    return out;
}

// The entities that people write in a lesson; any other stays as it stands.
std::string entity(std::string_view text) {
    constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"&lt;", "<"},   {"&gt;", ">"},    {"&amp;", "&"},    {"&quot;", "\""}, {"&nbsp;", " "},  {"&rarr;", "→"},
        {"&larr;", "←"}, {"&times;", "×"}, {"&hellip;", "…"}, {"&ndash;", "–"}, {"&mdash;", "—"}, {"&apos;", "'"},
    };
    for (const auto& [name, meaning] : kNames)
        if (text == name) return std::string(meaning);
    if (text.size() < 4 || text[1] != '#') return std::string(text);
    const bool hex = text[2] == 'x' || text[2] == 'X';
    unsigned long code = 0;
    const char* end = text.data() + text.size() - 1;
    const auto [read, error] = std::from_chars(text.data() + (hex ? 3 : 2), end, code, hex ? 16 : 10);
    return error == std::errc() && read == end ? utf8_of(code) : std::string(text);
}

struct List {
    bool ordered;
    int next;
};

// Gathers md4c's callbacks. A tight list's items have text without a paragraph, a loose one's have paragraphs.
struct Reader {
    std::vector<Block> blocks;
    std::vector<List> lists;
    int quotes = 0, strong = 0, code = 0;
    std::string link;  // address of the one that is open
    std::size_t link_at = 0;
    bool in_link = false, open = false, item_begins = false;

    int depth() const { return static_cast<int>(lists.size()) + quotes; }

    Block& begin(Block::Kind kind) {
        Block block;
        block.kind = kind;
        block.depth = depth();
        if (item_begins && kind == Block::Kind::kParagraph && !lists.empty()) {
            block.kind = Block::Kind::kItem;
            if (lists.back().ordered) block.number = lists.back().next++;
            item_begins = false;
        }
        open = true;
        blocks.push_back(std::move(block));
        return blocks.back();
    }

    void add(std::string_view text) {
        if (!open) begin(Block::Kind::kParagraph);
        std::vector<Span>& spans = blocks.back().spans;
        const Span span{std::string(text), strong > 0, code > 0, in_link};
        if (!spans.empty() && spans.back().strong == span.strong && spans.back().code == span.code &&
            spans.back().link == span.link)
            spans.back().text += span.text;
        else
            spans.push_back(span);
    }

    void enter(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_QUOTE:
                ++quotes;
                break;
            case MD_BLOCK_UL:
                open = false, lists.push_back({false, 0});
                break;
            case MD_BLOCK_OL:
                open = false, lists.push_back({true, static_cast<int>(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start)});
                break;
            case MD_BLOCK_LI:
                open = false, item_begins = true;
                break;
            case MD_BLOCK_HR:
                begin(Block::Kind::kRule), open = false;
                break;
            case MD_BLOCK_H:
                begin(Block::Kind::kHeading).level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
                break;
            case MD_BLOCK_CODE:
                begin(Block::Kind::kCode);
                break;
            case MD_BLOCK_P:
                begin(Block::Kind::kParagraph);
                break;
            case MD_BLOCK_DOC:
            case MD_BLOCK_HTML:
            case MD_BLOCK_TABLE:
            case MD_BLOCK_THEAD:
            case MD_BLOCK_TBODY:
            case MD_BLOCK_TR:
            case MD_BLOCK_TH:
            case MD_BLOCK_TD:
                break;
        }
    }

    void leave(MD_BLOCKTYPE type) {
        if (type == MD_BLOCK_QUOTE) --quotes;
        if ((type == MD_BLOCK_UL || type == MD_BLOCK_OL) && !lists.empty()) lists.pop_back();
        if (type == MD_BLOCK_CODE && !blocks.empty() && !blocks.back().spans.empty()) {
            std::string& text = blocks.back().spans.back().text;
            while (text.ends_with('\n')) text.pop_back();
        }
        open = false;
    }

    void enter_span(MD_SPANTYPE type, void* detail) {
        if (type == MD_SPAN_EM || type == MD_SPAN_STRONG) ++strong;
        if (type == MD_SPAN_CODE) ++code;
        if (type != MD_SPAN_A) return;
        const MD_ATTRIBUTE& address = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
        link.assign(address.text ? address.text : "", address.size);
        in_link = true;
    }

    void leave_span(MD_SPANTYPE type) {
        if (type == MD_SPAN_EM || type == MD_SPAN_STRONG) --strong;
        if (type == MD_SPAN_CODE) --code;
        if (type != MD_SPAN_A || !in_link) return;
        const bool same = open && !blocks.back().spans.empty() && blocks.back().spans.back().text == link;
        in_link = false;
        if (!same && !link.empty()) add(" (" + link + ")");
    }

    void text(MD_TEXTTYPE type, std::string_view text) {
        switch (type) {
            case MD_TEXT_BR:
                return add("\n");
            case MD_TEXT_SOFTBR:
                return add(" ");
            case MD_TEXT_NULLCHAR:
                return add("\xef\xbf\xbd");
            case MD_TEXT_ENTITY:
                return add(entity(text));
            case MD_TEXT_NORMAL:
            case MD_TEXT_CODE:
            case MD_TEXT_HTML:
            case MD_TEXT_LATEXMATH:
                return add(text);
        }
    }
};

}  // namespace

std::vector<Block> parse_markdown(std::string_view text) {
    Reader reader;
    MD_PARSER parser{};
    parser.flags = MD_FLAG_NOHTML | MD_FLAG_COLLAPSEWHITESPACE;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
        return static_cast<Reader*>(self)->enter(type, detail), 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) { return static_cast<Reader*>(self)->leave(type), 0; };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
        return static_cast<Reader*>(self)->enter_span(type, detail), 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) { return static_cast<Reader*>(self)->leave_span(type), 0; };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* begin, MD_SIZE size, void* self) {
        return static_cast<Reader*>(self)->text(type, {begin, size}), 0;
    };
    md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &reader);
    return std::move(reader.blocks);
}

namespace {

// What must stay on one line: no space in it, though perhaps several spans: "**Mutex**:" or "`counter`는".
struct Word {
    std::vector<Piece> pieces;
    float width = 0, space = 0;  // space: the width of the gap before it
    bool new_line = false;       // begins one, as the text asks
};

std::vector<Word> words_of(std::span<const Span> spans, const MeasureSpan& measure) {
    std::vector<Word> words;
    float space = 0;
    bool new_line = false, glued = false;
    for (std::size_t s = 0; s < spans.size(); ++s) {
        const std::string& text = spans[s].text;
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] == ' ' || text[at] == '\n') {
                new_line |= text[at] == '\n';
                if (!words.empty()) space = measure(spans[s], " ");
                glued = false, ++at;
                continue;
            }
            const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
            if (!glued) words.push_back({{}, 0, space, new_line});
            Word& word = words.back();
            const std::string part = text.substr(at, end - at);
            const float width = measure(spans[s], part);
            word.pieces.push_back({s, part, word.width, width});
            word.width += width;
            space = 0, new_line = false, glued = true;
            at = end;
        }
    }
    return words;
}

}  // namespace

std::vector<Line> break_lines(std::span<const Span> spans, float width, const MeasureSpan& measure) {
    std::vector<Line> lines;
    float x = 0;
    // Words of one span that follow each other on a line are one piece: one plate under code, one text in a picture's file.
    const auto put = [&](Piece piece, bool after_space = false) {
        if (after_space && !lines.back().empty() && lines.back().back().span == piece.span) {
            Piece& last = lines.back().back();
            last.text += " " + piece.text;
            last.width = measure(spans[last.span], last.text);
            x = last.x + last.width;
            return;
        }
        piece.x = x;
        x += piece.width;
        lines.back().push_back(std::move(piece));
    };
    for (Word& word : words_of(spans, measure)) {
        const bool fits = !lines.empty() && !word.new_line && x + word.space + word.width <= width + 0.01f;
        if (fits)
            x += word.space;
        else
            lines.emplace_back(), x = 0;
        if (word.width <= width + 0.01f) {
            for (std::size_t i = 0; i < word.pieces.size(); ++i)
                put(std::move(word.pieces[i]), fits && i == 0 && word.space > 0);
            continue;
        }
        for (const Piece& piece : word.pieces) {  // wider than a line
            std::size_t from = 0;
            for (std::size_t at = 0, next = 0; at < piece.text.size(); at = next) {
                canvas::next_code_point(piece.text, next);
                const auto part = std::string_view(piece.text).substr(from, next - from);
                if (at > from && x + measure(spans[piece.span], part) > width + 0.01f) {
                    const std::string whole = piece.text.substr(from, at - from);
                    put({piece.span, whole, 0, measure(spans[piece.span], whole)});
                    lines.emplace_back(), x = 0, from = at;
                }
            }
            const std::string rest = piece.text.substr(from);
            const float rest_width = measure(spans[piece.span], rest);
            if (x > 0 && x + rest_width > width + 0.01f) lines.emplace_back(), x = 0;
            put({piece.span, rest, 0, rest_width});
        }
    }
    return lines;
}

namespace {

constexpr float kCodePad = 3;  // left and right of code in a line

class Painter {
public:
    Painter(canvas::Canvas& canvas, const Theme& theme, bool draw) : canvas_(canvas), theme_(theme), draw_(draw) {}

    float block(const Block& block, Rect box, const Block* before) {
        const float gap = before ? gap_between(*before, block) : 0;
        box.y += gap;
        const float indent = theme_.size.body * 1.25f;
        box.take_left(indent * static_cast<float>(block.depth));
        switch (block.kind) {
            case Block::Kind::kRule:
                if (draw_) canvas_.hline(box.x, box.right(), box.y + 4, theme_.color.border);
                return gap + 8;
            case Block::Kind::kCode:
                return gap + code(block, box);
            case Block::Kind::kHeading:
                return gap + lines(block.spans, box, heading_style(block.level));
            case Block::Kind::kItem:
                if (draw_) mark(block, box, indent);
                return gap + lines(block.spans, box, theme_.body());
            case Block::Kind::kParagraph:
                return gap + lines(block.spans, box, theme_.body());
        }
        return gap;
    }

private:
    float gap_between(const Block& before, const Block& block) const {
        if (block.kind == Block::Kind::kHeading) return 20;
        if (before.kind == Block::Kind::kHeading) return 4;
        if (before.kind == Block::Kind::kItem && block.kind == Block::Kind::kItem) return 6;
        return 10;
    }

    canvas::TextStyle heading_style(int level) const { return level <= 1 ? theme_.large().strong() : theme_.strong(); }

    void mark(const Block& block, const Rect& box, float indent) {
        const float line = canvas_.line_height(theme_.body());
        if (block.number > 0)
            canvas_.text({box.x - indent - 4, box.y, indent, line}, std::to_string(block.number) + ".",
                         theme_.body().in(theme_.color.text_dim).at(canvas::Align::kRight), canvas::Fit::kOverflow);
        else
            canvas_.circle({box.x - indent * 0.55f, box.y + line / 2}, theme_.size.body * 0.15f, theme_.color.text_dim);
    }

    canvas::TextStyle style_of(const Span& span, const canvas::TextStyle& base) const {
        canvas::TextStyle style = base;
        if (span.code) style.family = canvas::Family::kMono, style.size = std::max(theme_.size.small, base.size - 2);
        if (span.strong) style.bold = true;
        if (span.link) style.color = theme_.color.accent_text;
        return style;
    }

    float lines(std::span<const Span> spans, Rect box, const canvas::TextStyle& base) {
        const auto measure = [&](const Span& span, std::string_view text) {
            if (span.code && text == " ") return canvas_.measure(text, base);
            return canvas_.measure(text, style_of(span, base)) + (span.code ? 2 * kCodePad : 0);
        };
        const float step = std::round(base.size * 1.5f);
        float y = box.y;
        for (const Line& line : break_lines(spans, box.w, measure)) {
            if (draw_) {
                for (const Piece& piece : line) paint(spans[piece.span], piece, {box.x + piece.x, y, piece.width, step}, base);
            }
            y += step;
        }
        return y - box.y;
    }

    void paint(const Span& span, const Piece& piece, Rect box, const canvas::TextStyle& base) {
        const canvas::TextStyle style = style_of(span, base);
        if (span.code) {
            canvas_.fill({box.x, box.center().y - style.size * 0.72f, box.w, style.size * 1.44f}, theme_.color.selected, 3);
            box = box.inset(kCodePad, 0);
        }
        canvas_.text(box, piece.text, style, canvas::Fit::kOverflow);
    }

    float code(const Block& block, Rect box) {
        const canvas::TextStyle style = theme_.code_small();
        const float step = canvas_.line_height(style);
        std::string_view text = block.spans.empty() ? std::string_view() : std::string_view(block.spans.front().text);
        const auto count = static_cast<float>(1 + std::count(text.begin(), text.end(), '\n'));
        const Rect plate{box.x, box.y, box.w, count * step + 16};
        if (!draw_) return plate.h;
        canvas_.fill(plate, theme_.color.sunken, theme_.size.radius);
        canvas_.stroke(plate, theme_.color.border, 1, theme_.size.radius);
        Rect inside = plate.inset(10, 8);
        while (inside.h > 0) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            canvas_.text(inside.take_top(step), text.substr(0, end), style);
            if (end == text.size()) break;
            text.remove_prefix(end + 1);
        }
        return plate.h;
    }

    canvas::Canvas& canvas_;
    const Theme& theme_;
    bool draw_;
};

}  // namespace

float draw_markdown(canvas::Canvas& canvas, const Theme& theme, Rect box, std::span<const Block> blocks, bool draw) {
    Painter painter(canvas, theme, draw);
    float height = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        height += painter.block(blocks[i], {box.x, box.y + height, box.w, box.h}, i > 0 ? &blocks[i - 1] : nullptr);
    return height;
}

}  // namespace heddle::shell
