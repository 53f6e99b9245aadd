// Rows, steppers, sliders and progress: controls that carry a value or a place in a tree.
#include <cmath>

#include "app/widgets/controls.h"

namespace heddle::widgets {
bool tree_row(Ui& ui, std::string_view id, Rect rect, const RowSpec& spec) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const Response r = ui.interact(id, rect);
    const float over = ui.ease(sub_id(id, "~hover"), r.hovered ? 1.f : 0.f);
    const float on = ui.ease(sub_id(id, "~on"), spec.selected ? 1.f : 0.f);
    canvas.fill(rect, mix(p.hover.with_alpha(over), p.selected, on), theme.size.radius);
    canvas.fill({rect.x, rect.y + 6, 3, rect.h - 12}, p.accent.with_alpha(on), 1.5f);
    Rect inside = rect.inset(12, 0);
    inside.take_left(static_cast<float>(spec.depth) * 8);
    if (spec.ticked) {
        const float radius = std::round(theme.size.small * 0.55f);
        const Vec2 dot{inside.take_left(radius * 2 - 2, 10).center().x, rect.center().y};
        if (*spec.ticked) {
            canvas.circle(dot, radius, p.good);
            canvas::draw_icon(canvas, canvas::Icon::kCheck, dot, radius * 1.4f, p.panel);
        } else {
            canvas.ring(dot, radius - 2, p.border_strong, 1.5f);
        }
    }
    if (spec.open) {
        const Vec2 middle{inside.take_right(12, 8).center().x, rect.center().y};
        canvas::draw_icon(canvas, *spec.open ? canvas::Icon::kChevronDown : canvas::Icon::kChevronRight, middle, 11,
                          p.text_dim);
    }
    canvas::TextStyle style{theme.size.body, p.text};
    style.bold = spec.open.value_or(false) || spec.selected;
    if (canvas.measure(spec.text, style) > inside.w) {  // as much of it as there is room for
        style = style.sized(theme.size.small);
        if (!spec.open) inside.w = rect.right() - 4 - inside.x;
    }
    canvas.text(inside, spec.text, style);
    ui.focus_ring(id, rect.inset(3), theme.size.radius);
    Tip tip = spec.tip;
    if (tip.text.empty() && canvas.measure(spec.text, style) > inside.w) tip.text = spec.text;
    ui.tooltip(id, rect, tip);
    return r.clicked;
}

bool stepper(Ui& ui, std::string_view id, Rect rect, int& value, int min, int max, const Tip& tip) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const int before = value;
    const Response whole = ui.interact(id, rect);
    canvas.fill(rect, p.raised, theme.size.radius);
    canvas.stroke(rect, p.border, 1, theme.size.radius);
    Rect middle = rect;
    const float side = std::min(rect.h, rect.w / 3);
    const Rect less = middle.take_left(side), more = middle.take_right(side);
    for (const bool up : {false, true}) {
        const Rect cell = up ? more : less;
        const std::string part = sub_id(id, up ? "more" : "less");
        const bool possible = up ? value < max : value > min;
        const Response r = ui.interact(part, cell, false);
        const float over = ui.ease(sub_id(part, "~hover"), r.hovered && possible ? 1.f : 0.f);
        canvas.fill(cell.inset(2), p.hover.with_alpha(over), theme.size.radius_small);
        canvas::draw_icon(canvas, up ? canvas::Icon::kPlus : canvas::Icon::kMinus, cell.center(), theme.size.icon * 0.7f,
                          possible ? p.text : mix(p.text, p.raised, 0.65f));
        if (r.clicked && possible) value += up ? 1 : -1;
    }
    canvas.text(middle, std::to_string(value), theme.strong().at(canvas::Align::kCenter), canvas::Fit::kOverflow);
    if (whole.focused && ui.take_key(Key::kUp)) ++value;
    if (whole.focused && ui.take_key(Key::kDown)) --value;
    value = std::clamp(value, min, max);
    ui.focus_ring(id, rect, theme.size.radius);
    ui.tooltip(id, rect, tip);
    return value != before;
}

bool slider(Ui& ui, std::string_view id, Rect rect, float& value, float step, const Tip& tip) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const float before = value, knob = std::round(theme.size.control * 0.24f);
    const Response r = ui.interact(id, rect);
    const Rect track{rect.x + knob, std::round(rect.center().y) - 2, rect.w - 2 * knob, 4};
    if (r.dragged && track.w > 0) value = (r.drag.x - track.x) / track.w;
    if (r.focused && ui.take_key(Key::kRight)) value += step;
    if (r.focused && ui.take_key(Key::kLeft)) value -= step;
    value = std::clamp(value, 0.f, 1.f);
    const float x = track.x + track.w * value, over = ui.ease(sub_id(id, "~hover"), r.hovered || r.held ? 1.f : 0.f);
    canvas.fill(track, p.border_strong, 2);
    canvas.fill({track.x, track.y, x - track.x, track.h}, p.accent, 2);
    canvas.circle({x, rect.center().y}, knob + over * 1.5f, p.accent);
    canvas.circle({x, rect.center().y}, (knob + over * 1.5f) * 0.45f, p.on_accent);
    ui.focus_ring(id, rect, theme.size.radius);
    ui.tooltip(id, rect, tip);
    return value != before;
}

void progress_bar(Ui& ui, Rect rect, float value) {
    const Palette& p = ui.theme().color;
    const float radius = rect.h / 2;
    ui.canvas().fill(rect, p.selected, radius);
    if (value >= 0) return ui.canvas().fill({rect.x, rect.y, rect.w * std::min(value, 1.f), rect.h}, p.accent, radius);
    if (ui.theme().reduce_motion) return ui.canvas().fill(rect.inset(rect.w * 0.3f, 0), p.accent, radius);
    const float phase = static_cast<float>(std::fmod(ui.now(), 1.4) / 1.4);
    const Rect moving{rect.x + (phase * 1.4f - 0.4f) * rect.w, rect.y, rect.w * 0.4f, rect.h};
    ui.canvas().fill(moving.intersect(rect), p.accent, radius);
    ui.request_frame();
}

}  // namespace heddle::widgets
