#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/widgets/controls.h"

namespace heddle::widgets {
namespace {

canvas::TextStyle label_style(const Ui& ui) {
    return ui.theme().body();
}

// What cannot be pressed can still be asked why, by its tooltip.
Response answer(Ui& ui, std::string_view id, Rect rect, bool enabled) {
    const Response response = ui.interact(id, rect, enabled);
    return enabled ? response : Response{};
}

float icon_gap(const ButtonSpec& spec) {
    return spec.icon && !spec.text.empty() ? 8.f : 0.f;
}

float content_width(Ui& ui, const ButtonSpec& spec, const canvas::TextStyle& style) {
    return (spec.icon ? ui.theme().size.icon : 0) + icon_gap(spec) +
           (spec.text.empty() ? 0 : ui.canvas().measure(spec.text, style));
}

}  // namespace

float button_width(Ui& ui, const ButtonSpec& spec) {
    if (spec.text.empty()) return ui.theme().size.control + 4;
    return std::ceil(content_width(ui, spec, label_style(ui).strong()) + 2 * ui.theme().size.pad_small + 12);
}

bool button(Ui& ui, std::string_view id, Rect rect, const ButtonSpec& spec) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const Response r = answer(ui, id, rect, spec.enabled);
    const float over = ui.ease(sub_id(id, "~hover"), r.held && r.hovered ? 1.f : r.hovered ? 0.7f : 0.f);
    const float on = ui.ease(sub_id(id, "~on"), spec.selected || spec.kind == ButtonKind::kPrimary ? 1.f : 0.f);

    Color surface = spec.kind == ButtonKind::kGhost ? p.hover.with_alpha(over) : mix(p.raised, p.hover, over);
    surface = mix(surface, spec.kind == ButtonKind::kPrimary ? mix(p.accent, p.text, over * 0.15f) : p.accent_tint, on);
    Color ink = spec.kind == ButtonKind::kPrimary ? p.on_accent : spec.selected ? p.accent_text : p.text;
    if (!spec.enabled)
        ink = mix(ink, p.panel, 0.55f), surface = spec.kind == ButtonKind::kGhost ? p.panel.with_alpha(0) : p.raised;
    canvas.fill(rect, surface, theme.size.radius);
    if (spec.edge)
        canvas.stroke(rect, *spec.edge, 1.5f, theme.size.radius);
    else if (spec.kind == ButtonKind::kNormal)
        canvas.stroke(rect, spec.selected ? p.accent : p.border, 1, theme.size.radius);

    canvas::TextStyle style = label_style(ui).in(ink);
    style.bold = spec.kind == ButtonKind::kPrimary;
    const float wanted = content_width(ui, spec, style);
    Rect inside = rect.inset(std::min(8.f, rect.w * 0.1f), 0);
    float x = inside.x + std::max(0.f, (inside.w - wanted) / 2);
    if (spec.icon) {
        const float size = theme.size.icon;
        const float middle = spec.text.empty() ? rect.center().x : x + size / 2;
        canvas::draw_icon(canvas, *spec.icon, {middle, rect.center().y}, size, ink);
        x += size + icon_gap(spec);
    }
    if (!spec.text.empty()) canvas.text({x, rect.y, inside.right() - x, rect.h}, spec.text, style);
    ui.focus_ring(id, rect, theme.size.radius);
    ui.tooltip(id, rect, spec.tip);
    return r.clicked;
}

float segmented_width(Ui& ui, std::span<const Choice> choices) {
    float widest = 0;
    for (const Choice& choice : choices) widest = std::max(widest, ui.canvas().measure(choice.text, label_style(ui).strong()));
    return std::ceil(widest + 32) * static_cast<float>(choices.size());
}

namespace {

// The nearest choice in this direction that can be made; the same one where there is none.
int next_enabled(std::span<const Choice> choices, int from, int step) {
    if (step == 0) return from;
    for (int at = from + step; at >= 0 && at < static_cast<int>(choices.size()); at += step)
        if (choices[static_cast<std::size_t>(at)].enabled) return at;
    return from;
}

}  // namespace

bool segmented(Ui& ui, std::string_view id, Rect rect, std::span<const Choice> choices, int& chosen) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const float width = rect.w / static_cast<float>(std::max<std::size_t>(1, choices.size()));
    canvas.fill(rect, p.raised, theme.size.radius);
    canvas.stroke(rect, p.border, 1, theme.size.radius);
    const int before = chosen;
    const float glide = ui.ease(sub_id(id, "~at"), static_cast<float>(chosen));
    canvas.fill({rect.x + glide * width, rect.y, width, rect.h}, p.accent, theme.size.radius);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Choice& choice = choices[i];
        const std::string part = sub_id(id, choice.id);
        const Rect cell{rect.x + static_cast<float>(i) * width, rect.y, width, rect.h};
        const bool mine = static_cast<int>(i) == chosen;
        const Response r = answer(ui, part, cell, choice.enabled);
        const float over = ui.ease(sub_id(part, "~hover"), r.hovered && !mine ? 1.f : 0.f);
        if (!mine) canvas.fill(cell.inset(2), p.hover.with_alpha(over), theme.size.radius_small);
        // The label takes its colour where the gliding plate covers it.
        const float covered = std::clamp(1 - std::abs(glide - static_cast<float>(i)), 0.f, 1.f);
        canvas::TextStyle style = label_style(ui).in(covered > 0.5f   ? p.on_accent
                                                     : choice.enabled ? p.text
                                                                      : mix(p.text, p.panel, 0.55f));
        style.bold = mine;
        style.align = canvas::Align::kCenter;
        canvas.text(cell.inset(4, 0), choice.text, style);
        ui.focus_ring(part, cell, theme.size.radius);
        ui.tooltip(part, cell, choice.tip);
        if (r.clicked) chosen = static_cast<int>(i);
        // Who came by the pointer means the arrows of time.
        if (!r.focused || !ui.state().focus_visible || chosen != before) continue;
        const int step = ui.take_key(Key::kRight) ? 1 : ui.take_key(Key::kLeft) ? -1 : 0;
        const int next = next_enabled(choices, static_cast<int>(i), step);
        if (next != static_cast<int>(i)) chosen = next, ui.set_focus(sub_id(id, choices[static_cast<std::size_t>(next)].id));
    }
    return chosen != before;
}

void give_way(std::vector<float>& widths, float room) {
    std::vector<float> left(widths);
    std::sort(left.begin(), left.end());
    for (std::size_t i = 0; i < left.size(); ++i) {
        const float share = room / static_cast<float>(left.size() - i);
        if (left[i] > share) {
            for (float& width : widths) width = std::min(width, std::max(0.F, share));
            return;
        }
        room -= left[i];
    }
}

namespace {

float tab_pad(TabFit fit) {
    return fit == TabFit::kUsual ? 16 : 8;
}

canvas::TextStyle tab_style(const Theme& theme, TabFit fit) {
    return {fit == TabFit::kSmall ? theme.size.small : theme.size.body, theme.color.text};
}

// As wide as the bold label, so that choosing one moves none of them.
std::vector<float> tab_widths(Ui& ui, std::span<const Choice> choices, TabFit fit) {
    const canvas::TextStyle style = tab_style(ui.theme(), fit).strong();
    std::vector<float> widths;
    for (const Choice& choice : choices)
        widths.push_back(std::ceil(ui.canvas().measure(choice.text, style) + 2 * tab_pad(fit)));
    return widths;
}

}  // namespace

float tabs_width(Ui& ui, std::span<const Choice> choices, TabFit fit) {
    const std::vector<float> widths = tab_widths(ui, choices, fit);
    return std::accumulate(widths.begin(), widths.end(), 0.F);
}

TabFit tabs_fit(Ui& ui, std::span<const Choice> choices, float room) {
    for (const TabFit fit : {TabFit::kUsual, TabFit::kNarrow})
        if (tabs_width(ui, choices, fit) <= room) return fit;
    return TabFit::kSmall;
}

bool tabs(Ui& ui, std::string_view id, Rect rect, std::span<const Choice> choices, int& chosen) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const TabFit fit = tabs_fit(ui, choices, rect.w);
    const canvas::TextStyle style = tab_style(theme, fit);
    const float pad = tab_pad(fit);
    std::vector<float> widths = tab_widths(ui, choices, fit);
    const std::vector<float> whole = widths;
    give_way(widths, rect.w);
    const int before = chosen;
    float x = rect.x, line_x = rect.x, line_w = 0;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Rect cell{x, rect.y, widths[i], rect.h};
        x += cell.w;
        const std::string part = sub_id(id, choices[i].id);
        const bool mine = static_cast<int>(i) == chosen;
        const Response r = ui.interact(part, cell);
        const float over = ui.ease(sub_id(part, "~hover"), r.hovered ? 1.f : 0.f);
        canvas.fill(cell.inset(4, 4), p.hover.with_alpha(mine ? 0 : over), theme.size.radius_small);
        canvas::TextStyle label = style.in(mine ? p.text : mix(p.text_dim, p.text, over)).at(canvas::Align::kCenter);
        label.bold = mine;
        canvas.text(cell.inset(pad / 2, 0), choices[i].text, label);
        if (mine) line_x = cell.x + pad, line_w = cell.w - 2 * pad;
        ui.focus_ring(part, cell.inset(4, 6), theme.size.radius_small);
        Tip tip = choices[i].tip;
        if (widths[i] < whole[i]) tip.text = choices[i].text;
        ui.tooltip(part, cell, tip);
        if (r.clicked) chosen = static_cast<int>(i);
    }
    line_x = rect.x + ui.ease(sub_id(id, "~x"), line_x - rect.x);
    line_w = ui.ease(sub_id(id, "~w"), line_w);
    canvas.fill({line_x, rect.bottom() - 3, line_w, 3}, p.accent, 1.5f);
    return chosen != before;
}

bool radio_list(Ui& ui, std::string_view id, Rect rect, std::span<const Choice> choices, int& chosen, float* height) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    const int before = chosen;
    const float radius = std::round(theme.size.body * 0.5f), text_x = 2 * radius + 16;
    float y = rect.y;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const canvas::TextStyle style = theme.body();
        const float text_w = rect.w - text_x - 8;
        const float text_h = canvas.paragraph({0, 0, text_w, 0}, choices[i].text, style, false);
        const Rect row{rect.x, y, rect.w, std::max(theme.size.row, text_h + 8)};
        y += row.h;
        const std::string part = sub_id(id, choices[i].id);
        const bool mine = static_cast<int>(i) == chosen;
        const Response r = choices[i].enabled ? ui.interact(part, row) : (canvas.tag(part, row), Response{});
        const float over = ui.ease(sub_id(part, "~hover"), r.hovered ? 1.f : 0.f);
        const float on = ui.ease(sub_id(part, "~on"), mine ? 1.f : 0.f);
        canvas.fill(row, p.hover.with_alpha(over), theme.size.radius_small);
        const Vec2 dot{rect.x + radius + 4, row.center().y};
        canvas.ring(dot, radius, mix(p.border_strong, p.accent, on), 1.5f);
        canvas.circle(dot, (radius - 3.5f) * on, p.accent);
        canvas.paragraph({rect.x + text_x, row.y + (row.h - text_h) / 2, text_w, text_h}, choices[i].text, style);
        ui.focus_ring(part, row, theme.size.radius_small);
        if (r.clicked) chosen = static_cast<int>(i);
    }
    if (height) *height = y - rect.y;
    return chosen != before;
}

bool checkbox(Ui& ui, std::string_view id, Rect rect, std::string_view text, bool& on, const Tip& tip) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    const Response r = ui.interact(id, rect);
    const float full = ui.ease(sub_id(id, "~on"), on ? 1.f : 0.f), over = ui.ease(sub_id(id, "~hover"), r.hovered ? 1.f : 0.f);
    const float side = std::round(theme.size.body * 1.15f);
    const Rect box{rect.x + 4, std::round(rect.center().y - side / 2), side, side};
    ui.canvas().fill(rect, p.hover.with_alpha(over), theme.size.radius_small);
    ui.canvas().fill(box, p.accent.with_alpha(full), theme.size.radius_small);
    ui.canvas().stroke(box, mix(p.border_strong, p.accent, full), 1.5f, theme.size.radius_small);
    canvas::draw_icon(ui.canvas(), canvas::Icon::kCheck, box.center(), side * 0.8f, p.on_accent.with_alpha(full));
    ui.canvas().text({box.right() + 8, rect.y, rect.right() - box.right() - 8, rect.h}, text, theme.body());
    ui.focus_ring(id, rect, theme.size.radius_small);
    ui.tooltip(id, rect, tip);
    if (r.clicked) on = !on;
    return r.clicked;
}

}  // namespace heddle::widgets
