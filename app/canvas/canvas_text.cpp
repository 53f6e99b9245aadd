// The text half of Canvas: boxes, shortening, line breaking. Baselines are on whole pixels so that letters stay crisp.
#include <cmath>

#include "app/canvas/canvas.h"
#include "app/canvas/fonts.h"

namespace heddle::canvas {
namespace {

constexpr float kCapHeight = 0.72f;  // of the em, for both families
constexpr std::string_view kEllipsis = "…";

float start_of(Rect box, float width, Align align) {
    if (align == Align::kCenter) return box.x + (box.w - width) / 2;
    return align == Align::kRight ? box.right() - width : box.x;
}

}  // namespace

void Canvas::emit_text(Vec2 at, std::string_view shown, std::string_view asked, Rect box, const TextStyle& style, bool elided) {
    const auto snap = [this](float v) { return std::round(v * scale_) / scale_; };
    at = {snap(at.x), snap(at.y)};
    const Rect ink{at.x, at.y - style.size * kCapHeight, measure(shown, style), style.size * (kCapHeight + 0.2f)};
    const Rect seen = clip();
    if (log_) {
        const bool cut = !ink.empty() && !seen.inset(-1).contains(ink);
        log_->texts.push_back({std::string(asked), ink, box, seen, style, elided, cut, log_->fills.size()});
    }
    if (!shown.empty() && style.color.a != 0 && seen.overlaps(ink.inset(-2, -style.size))) do_text(at, shown, style);
}

void Canvas::text(Rect box, std::string_view utf8, const TextStyle& style, Fit fit) {
    if (utf8.empty() || box.empty()) return;
    const float baseline = box.y + box.h / 2 + style.size * kCapHeight / 2;
    const float width = measure(utf8, style);
    if (fit == Fit::kElide && width > box.w + 0.5f) {
        const std::size_t kept = fonts_.fit(utf8, style, box.w - measure(kEllipsis, style));
        const std::string shown =
            kept == 0 && box.w < style.size ? std::string() : std::string(utf8.substr(0, kept)).append(kEllipsis);
        emit_text({start_of(box, measure(shown, style), style.align), baseline}, shown, utf8, box, style, true);
        return;
    }
    const bool clips = fit == Fit::kClip && width > box.w;
    if (clips) push_clip(box);
    emit_text({start_of(box, width, clips ? Align::kLeft : style.align), baseline}, utf8, utf8, box, style, false);
    if (clips) pop_clip();
}

void Canvas::text_at(Vec2 baseline, std::string_view utf8, const TextStyle& style) {
    if (utf8.empty()) return;
    const float width = measure(utf8, style);
    const float x = start_of({baseline.x, 0, 0, 0}, width, style.align);
    emit_text({x, baseline.y}, utf8, utf8, {x, baseline.y - style.size, width, style.size * 1.25f}, style, false);
}

float Canvas::paragraph(Rect box, std::string_view utf8, const TextStyle& style, bool draw) {
    const float step = line_height(style);
    float y = box.y;
    const auto put = [&](std::string_view line) {
        if (draw) text({box.x, y, box.w, step}, line, style, Fit::kOverflow);
        y += step;
    };
    while (!utf8.empty()) {
        const std::size_t newline = std::min(utf8.find('\n'), utf8.size());
        std::string_view rest = utf8.substr(0, newline);
        utf8.remove_prefix(std::min(newline + 1, utf8.size()));
        if (rest.empty()) y += step / 2;
        while (!rest.empty()) {
            std::size_t end = fonts_.fit(rest, style, box.w);
            if (end < rest.size()) {
                const std::size_t space = rest.substr(0, end + 1).rfind(' ');
                const std::size_t bracket = rest.substr(0, end).rfind('(');
                if (space != std::string_view::npos && space > 0) {
                    end = space;
                } else if (bracket != std::string_view::npos && bracket > 0) {
                    end = bracket;
                } else if (const std::size_t joint = rest.substr(0, end).find_last_of("_/:"); joint != std::string_view::npos) {
                    end = joint + 1;  // within a name or a path
                }
                if (end == 0) next_code_point(rest, end);  // a box narrower than one letter
            }
            put(rest.substr(0, end));
            rest.remove_prefix(end);
            while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
        }
    }
    return y - box.y;
}

float Canvas::measure(std::string_view utf8, const TextStyle& style) const {
    return fonts_.width(utf8, style);
}

float Canvas::line_height(const TextStyle& style) const {
    return fonts_.line_height(style);
}

}  // namespace heddle::canvas
