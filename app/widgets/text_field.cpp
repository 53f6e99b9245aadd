// One line of editable text.
#include <cmath>

#include "app/widgets/text_edit.h"

namespace heddle::widgets {
namespace {

bool field(Ui& ui, std::string_view id, Rect rect, Rect inside, TextFieldState& state, std::string_view placeholder) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const Response r = ui.interact(id, rect);
    bool changed = false;
    if (r.focused) {
        ui.set_typing();
        changed = edit_text(ui, state, in_one_line(ui.input().text));
        if (ui.take_key(Key::kHome)) state.caret = 0, state.all_selected = false;
        if (ui.take_key(Key::kEnd)) state.caret = state.text.size(), state.all_selected = false;
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
