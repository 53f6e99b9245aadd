// Several lines of editable text. A line ends at its newline and is never wrapped: it is what a program reads.
#include <algorithm>
#include <cmath>

#include "app/canvas/fonts.h"
#include "app/widgets/text_edit.h"

namespace heddle::widgets {
namespace {

constexpr float kPad = 8;

// Where each line begins; the end of the text is the last one's.
std::vector<std::size_t> line_starts(const std::string& text) {
    std::vector<std::size_t> starts = {0};
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) starts.push_back(at + 1);
    return starts;
}

// As it is drawn: the font has no tabulator.
std::string shown(std::string_view part) {
    std::string text;
    for (const char c : part) text += c == '\t' ? std::string(4, ' ') : std::string(1, c);
    return text;
}

class Area {
public:
    Area(Ui& ui, TextAreaState& state, Rect inside)
        : ui_(ui),
          state_(state),
          s_(state.edited),
          inside_(inside),
          style_(ui.theme().code()),
          row_(std::round(ui.canvas().line_height(ui.theme().code()))) {}

    bool edit() {
        while (ui_.take_key(Key::kEnter)) {
        }  // it is in the text, between what was typed before and after it
        const bool changed = edit_text(ui_, s_, in_plain_lines(ui_.input().text));
        const std::size_t before = s_.caret;
        while (ui_.take_key(Key::kUp)) go_to_line(-1);
        while (ui_.take_key(Key::kDown)) go_to_line(1);
        if (ui_.take_key(Key::kHome)) s_.caret = start();
        if (ui_.take_key(Key::kEnd)) s_.caret = start() + line(index()).size();
        if (s_.caret != before) s_.all_selected = false;
        if (changed || s_.caret != seen_caret_) show_caret();
        return changed;
    }

    void take_click(Vec2 point) {
        const auto count = static_cast<float>(line_starts(s_.text).size());
        const float row = std::clamp(std::floor((point.y - inside_.y + state_.scroll.offset) / row_), 0.F, count - 1);
        s_.caret = place_in(static_cast<std::size_t>(row), point.x - inside_.x + shift());
        s_.all_selected = false;
    }

    // content: moved up by what is scrolled. Returns how tall it is.
    float draw(Rect content, bool focused, std::string_view placeholder) {
        canvas::Canvas& canvas = ui_.canvas();
        const std::vector<std::size_t> starts = line_starts(s_.text);
        const float top = content.y + kPad;
        canvas.push_clip({inside_.x, inside_.y - kPad, inside_.w, inside_.h + 2 * kPad});
        if (s_.text.empty() && !focused) canvas.paragraph(inside_, placeholder, ui_.theme().dim());
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const Rect place{inside_.x - shift(), top + static_cast<float>(i) * row_, inside_.w + shift(), row_};
            if (place.bottom() < inside_.y - kPad || place.y > inside_.bottom() + kPad) continue;
            const std::string text = shown(line(i));
            if (s_.all_selected)
                canvas.fill({place.x, place.y, std::max(6.F, canvas.measure(text, style_)), row_},
                            ui_.theme().color.accent_tint);
            if (!text.empty()) canvas.text(place, text, style_, canvas::Fit::kClip);
            if (focused && i == index())
                canvas.fill({place.x + caret_x(), place.y + 1, 1.5F, row_ - 2}, ui_.theme().color.accent);
        }
        canvas.pop_clip();
        return static_cast<float>(starts.size()) * row_ + 2 * kPad;
    }

private:
    std::size_t index() const {
        return static_cast<std::size_t>(
            std::count(s_.text.begin(), s_.text.begin() + static_cast<std::ptrdiff_t>(s_.caret), '\n'));
    }
    std::size_t start() const { return line_starts(s_.text)[index()]; }
    std::string_view line(std::size_t i) const {
        const std::vector<std::size_t> starts = line_starts(s_.text);
        const std::size_t end = i + 1 < starts.size() ? starts[i + 1] - 1 : s_.text.size();
        return std::string_view(s_.text).substr(starts[i], end - starts[i]);
    }
    float width(std::string_view part) const { return ui_.canvas().measure(shown(part), style_); }
    float caret_x() const { return width(line(index()).substr(0, s_.caret - start())); }
    float shift() const { return std::max(0.F, caret_x() - inside_.w + 16); }

    // The place in a line that is nearest to `x`.
    std::size_t place_in(std::size_t index, float x) const {
        const std::string_view text = line(index);
        std::size_t best = 0;
        for (std::size_t at = 0; at < text.size();) {
            canvas::next_code_point(text, at);
            if (std::abs(width(text.substr(0, at)) - x) < std::abs(width(text.substr(0, best)) - x)) best = at;
        }
        return line_starts(s_.text)[index] + best;
    }

    void go_to_line(int by) {
        const auto wanted = static_cast<std::ptrdiff_t>(index()) + by;
        if (wanted < 0 || wanted >= static_cast<std::ptrdiff_t>(line_starts(s_.text).size())) return;
        s_.caret = place_in(static_cast<std::size_t>(wanted), caret_x());
    }

    void show_caret() {
        const float top = static_cast<float>(index()) * row_, bottom = top + row_ + 2 * kPad;
        state_.scroll.content_height = std::max(state_.scroll.content_height, bottom);
        scroll_to(state_.scroll, inside_.h + 2 * kPad, top, bottom);
        ui_.request_frame();
    }

    Ui& ui_;
    TextAreaState& state_;
    TextFieldState& s_;
    Rect inside_;
    canvas::TextStyle style_;
    float row_;
    std::size_t seen_caret_ = state_.edited.caret;
};

}  // namespace

bool text_area(Ui& ui, std::string_view id, Rect rect, TextAreaState& state, std::string_view placeholder) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    state.edited.caret = std::min(state.edited.caret, state.edited.text.size());
    ScrollArea scroll(ui, sub_id(id, "scroll"), rect, state.scroll);
    if (ui.state().focus == id) ui.set_typing();  // Enter is a newline, no click
    const Response r = ui.interact(id, rect);
    Area area(ui, state, rect.inset(10, kPad));
    bool changed = false;
    if (r.focused) {
        ui.set_typing();
        if (r.held && ui.input().pressed) area.take_click(ui.input().pointer);
        changed = area.edit();
    }
    const float over = ui.ease(sub_id(id, "~hover"), r.hovered || r.focused ? 1.F : 0.F);
    ui.canvas().fill(rect, mix(p.raised, p.hover, over * 0.5F), theme.size.radius);
    const float height = area.draw(scroll.content(), r.focused, placeholder);
    ui.canvas().stroke(rect, r.focused ? p.focus : mix(p.border, p.border_strong, over), r.focused ? 2.F : 1.F,
                       theme.size.radius);
    scroll.end(height);
    return changed;
}

}  // namespace heddle::widgets
