#include "app/shell/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <charconv>

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

// CommonMark (0.31, 6.2) lets no emphasis end between a punctuation mark and a letter, which leaves the stars of
// "**만들기(잘못됨)**에서": Korean writes its particles without a space.
std::vector<Span> with_emphasis_before_particles(const std::vector<Span>& spans) {
    constexpr std::string_view kStars = "**";
    std::vector<Span> out;
    for (const Span& span : spans) {
        std::string_view rest = span.text;
        const auto add = [&](std::string_view text, bool strong) {
            if (!text.empty()) out.push_back({std::string(text), strong, span.code, span.link});
        };
        while (!span.strong && !span.code) {
            const std::size_t begin = rest.find(kStars), inner = begin + kStars.size();
            const std::size_t end = begin == rest.npos ? rest.npos : rest.find(kStars, inner);
            if (end == rest.npos || end == inner || rest[inner] == ' ' || rest[end - 1] == ' ') break;
            add(rest.substr(0, begin), false);
            add(rest.substr(inner, end - inner), true);
            rest.remove_prefix(end + kStars.size());
        }
        add(rest, span.strong);
    }
    return out;
}

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
    for (Block& block : reader.blocks)
        if (block.kind != Block::Kind::kCode) block.spans = with_emphasis_before_particles(block.spans);
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

}  // namespace heddle::shell
