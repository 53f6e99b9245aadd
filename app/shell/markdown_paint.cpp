// The painting half of markdown.h.
#include <algorithm>
#include <cmath>

#include "app/shell/markdown.h"

namespace heddle::shell {
namespace {

constexpr float kCodePad = 3;  // left and right of code in a line

class MarkdownPainter {
public:
    MarkdownPainter(canvas::Canvas& canvas, const Theme& theme, bool draw) : canvas_(canvas), theme_(theme), draw_(draw) {}

    float block(const Block& block, Rect box, const Block* before) {
        const float gap = before ? gap_between(*before, block) : 0;
        box.y += gap;
        const float indent = theme_.size.body * 1.25f;
        box.take_left(indent * static_cast<float>(std::min(block.depth, 4)));
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
    MarkdownPainter painter(canvas, theme, draw);
    float height = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        height += painter.block(blocks[i], {box.x, box.y + height, box.w, box.h}, i > 0 ? &blocks[i - 1] : nullptr);
    return height;
}

}  // namespace heddle::shell
