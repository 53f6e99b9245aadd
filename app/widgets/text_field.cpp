// One line of editable text. Positions are bytes at the borders of code points, so Korean is edited letter by letter.
#include <cmath>

#include "app/canvas/fonts.h"
#include "app/widgets/controls.h"

namespace heddle::widgets {
namespace {

std::size_t previous(const std::string& text, std::size_t at) {
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xc0) == 0x80) {
    }
    return at;
}

std::size_t next(const std::string& text, std::size_t at) {
    if (at < text.size()) canvas::next_code_point(text, at);
    return at;
}

void erase(TextFieldState& s, std::size_t from, std::size_t to) {
    s.text.erase(from, to - from), s.caret = from;
}

bool edit(Ui& ui, TextFieldState& s) {
    const std::string before = s.text;
    s.caret = std::min(s.caret, s.text.size());
    if (ui.take_key(Key::kA, true)) s.all_selected = true;
    const auto clear_selected = [&] {
        if (s.all_selected) erase(s, 0, s.text.size());
        return std::exchange(s.all_selected, false);
    };
    while (ui.take_key(Key::kBackspace))
        if (!clear_selected()) erase(s, previous(s.text, s.caret), s.caret);
    while (ui.take_key(Key::kDelete))
        if (!clear_selected()) erase(s, s.caret, next(s.text, s.caret));
    while (ui.take_key(Key::kLeft)) s.caret = previous(s.text, s.caret), s.all_selected = false;
    while (ui.take_key(Key::kRight)) s.caret = next(s.text, s.caret), s.all_selected = false;
    if (ui.take_key(Key::kHome)) s.caret = 0, s.all_selected = false;
    if (ui.take_key(Key::kEnd)) s.caret = s.text.size(), s.all_selected = false;
    if (!ui.input().text.empty()) {
        clear_selected();
        s.text.insert(s.caret, ui.input().text);
        s.caret += ui.input().text.size();
    }
    return s.text != before;
}

bool field(Ui& ui, std::string_view id, Rect rect, Rect inside, TextFieldState& state, std::string_view placeholder) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const Response r = ui.interact(id, rect);
    bool changed = false;
    if (r.focused) {
        ui.set_typing();
        changed = edit(ui, state);
        if (ui.take_key(Key::kEscape)) {
            if (state.text.empty()) ui.state().focus.clear();
            changed |= !state.text.empty();
            state = {};
        }
    }
    const float over = ui.ease(std::string(id) + ".~hover", r.hovered || r.focused ? 1.f : 0.f);
    canvas.fill(rect, mix(p.raised, p.hover, over * 0.5f), theme.size.radius);
    canvas.stroke(rect, r.focused ? p.focus : mix(p.border, p.border_strong, over), r.focused ? 2.f : 1.f, theme.size.radius);
    const canvas::TextStyle style{theme.size.body, p.text};
    canvas.push_clip(inside);
    const float caret_x =
        canvas.measure(std::string_view(state.text).substr(0, std::min(state.caret, state.text.size())), style);
    const float shift = std::max(0.f, caret_x - inside.w + 2);
    if (state.all_selected) canvas.fill({inside.x, rect.center().y - 10, canvas.measure(state.text, style), 20}, p.accent_tint);
    if (state.text.empty() && !r.focused)
        canvas.text(inside, placeholder, style.in(p.text_dim));
    else
        canvas.text_at({inside.x - shift, std::round(rect.center().y + style.size * 0.36f)}, state.text, style);
    if (r.focused)
        canvas.fill({inside.x + caret_x - shift, rect.center().y - style.size * 0.65f, 1.5f, style.size * 1.3f}, p.accent);
    canvas.pop_clip();
    return changed;
}

}  // namespace

bool text_field(Ui& ui, std::string_view id, Rect rect, TextFieldState& state, std::string_view placeholder) {
    return field(ui, id, rect, rect.inset(10, 0), state, placeholder);
}

bool search_box(Ui& ui, std::string_view id, Rect rect, TextFieldState& state, std::string_view placeholder,
                std::string_view hint) {
    const Theme& theme = ui.theme();
    Rect inside = rect.inset(8, 0);
    const Rect glass = inside.take_left(theme.size.icon, 8), tail = inside.take_right(theme.size.icon + 4, 4);
    bool changed = field(ui, id, rect, inside, state, placeholder);
    canvas::draw_icon(ui.canvas(), canvas::Icon::kSearch, glass.center(), theme.size.icon * 0.9f, theme.color.text_dim);
    if (state.text.empty()) {
        if (ui.state().focus != id)
            ui.canvas().text(tail, hint, theme.code_dim().at(canvas::Align::kCenter), canvas::Fit::kOverflow);
        return changed;
    }
    const std::string clear = std::string(id) + ".clear";
    if (ui.interact(clear, tail, false).clicked) state = {}, changed = true, ui.state().focus = id;
    canvas::draw_icon(ui.canvas(), canvas::Icon::kCross, tail.center(), theme.size.icon * 0.8f, theme.color.text_dim);
    return changed;
}

}  // namespace heddle::widgets
