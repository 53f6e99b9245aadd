#include "app/widgets/surfaces.h"

#include <cmath>

#include "app/widgets/controls.h"

namespace heddle::widgets {
namespace {

std::string name_of(const Ui& ui, Evidence evidence) {
    switch (evidence) {
        case Evidence::kReal:
            return ui.tr("badge.real");
        case Evidence::kControlled:
            return ui.tr("badge.controlled");
        case Evidence::kSampled:
            return ui.tr("badge.sampled");
    }
    return {};
}

std::string tip_of(const Ui& ui, Evidence evidence) {
    switch (evidence) {
        case Evidence::kReal:
            return ui.tr("badge_tip.real");
        case Evidence::kControlled:
            return ui.tr("badge_tip.controlled");
        case Evidence::kSampled:
            return ui.tr("badge_tip.sampled");
    }
    return {};
}

}  // namespace

Rect capsule(Ui& ui, Rect box, std::string_view text, Color ink, canvas::Align align) {
    const canvas::TextStyle style{ui.theme().size.small, ink, canvas::Family::kSans, true, canvas::Align::kCenter};
    const float height = std::round(style.size * 1.75f),
                width = std::min(box.w, std::ceil(ui.canvas().measure(text, style)) + height);
    const float x = align == canvas::Align::kRight  ? box.right() - width
                    : align == canvas::Align::kLeft ? box.x
                                                    : box.center().x - width / 2;
    const Rect pill{std::round(x), std::round(box.center().y - height / 2), width, height};
    ui.canvas().stroke(pill, ink, 1.25f, height / 2);
    ui.canvas().text(pill.inset(4, 0), text, style);
    return pill;
}

Rect badge(Ui& ui, std::string_view id, Rect box, Evidence evidence) {
    const Palette& p = ui.theme().color;
    const Color ink = evidence == Evidence::kReal         ? p.good_text
                      : evidence == Evidence::kControlled ? p.accent_text
                                                          : p.text_dim;
    const Rect pill = capsule(ui, box, name_of(ui, evidence), ink);
    ui.interact(id, pill, false);
    ui.tooltip(id, pill, {tip_of(ui, evidence), ""});
    return pill;
}

CardResult card(Ui& ui, std::string_view id, Rect rect, const CardSpec& spec) {
    const Theme& theme = ui.theme();
    const Palette& p = theme.color;
    canvas::Canvas& canvas = ui.canvas();
    canvas.tag(id, rect);
    canvas.fill(rect, p.panel, theme.size.radius + 2);
    canvas.stroke(rect, spec.edge.value_or(p.border), spec.edge ? 1.5f : 1.f, theme.size.radius + 2);
    CardResult result;
    Rect inside = rect.inset(theme.size.pad, theme.size.pad_small);
    Rect head = inside.take_top(theme.size.control_small + 4, 4);
    if (spec.maximizable) {
        const Rect square = head.take_right(theme.size.control_small, 8);
        ButtonSpec maximize;
        maximize.icon = spec.maximized ? canvas::Icon::kMinimize : canvas::Icon::kMaximize;
        maximize.kind = ButtonKind::kGhost;
        maximize.tip = {spec.maximized ? ui.tr("card.restore") : ui.tr("card.maximize"), "F"};
        result.maximize_clicked = button(ui, std::string(id) + ".maximize", square.inset(0, 2), maximize);
    }
    if (spec.evidence) {
        const Rect pill = badge(ui, std::string(id) + ".badge", head, *spec.evidence);
        head.take_right(head.right() - pill.x, 12);
    }
    const canvas::TextStyle title = theme.strong();
    const float title_w = std::min(canvas.measure(spec.title, title), head.w);
    canvas.text(head.take_left(std::ceil(title_w) + 1, 12), spec.title, title);
    if (head.w > 24) canvas.text(head, spec.subtitle, theme.dim());
    result.content = inside;
    return result;
}

void empty_note(Ui& ui, Rect rect, std::string_view text) {
    const canvas::TextStyle style = ui.theme().body().in(ui.theme().color.text_dim);
    const float width = std::min(rect.w - 32, 480.f);
    if (width <= 0) return;
    const float height = ui.canvas().paragraph({0, 0, width, 0}, text, style, false);
    ui.canvas().paragraph({rect.center().x - width / 2, rect.center().y - height / 2, width, height}, text,
                          style.at(canvas::Align::kCenter));
}

float section(Ui& ui, Rect rect, std::string_view text) {
    const canvas::TextStyle style = ui.theme().dim().strong();
    const float height = ui.canvas().line_height(style);
    ui.canvas().text({rect.x, rect.y, rect.w, height}, text, style);
    return height + 4;
}

ScrollArea::ScrollArea(Ui& ui, std::string_view id, Rect rect, ScrollState& state)
    : ui_(ui), id_(id), rect_(rect), state_(state) {
    // Registered first, so that the widgets inside lie above it.
    const Response r = ui.interact(id, rect, false);
    const bool inside = rect.contains(ui.input().pointer);
    const float most = std::max(0.f, state.content_height - rect.h);
    if (inside && !ui.input().ctrl) state.target -= ui.input().wheel.y * 56;
    if (inside && most > 0 && !ui.typing()) {
        if (ui.take_key(Key::kPageDown)) state.target += rect.h * 0.9f;
        if (ui.take_key(Key::kPageUp)) state.target -= rect.h * 0.9f;
    }
    (void)r;
    state.target = std::clamp(state.target, 0.f, most);
    const float rest = state.step > 0 ? std::round(state.target / state.step) * state.step : state.target;
    state.offset = std::round(std::clamp(ui.ease(id_ + ".~scroll", rest, 0.14), 0.f, most));
    ui.canvas().push_clip(rect);
    // As tall as anybody asks for: what it really needs is told to end().
    content_ = {rect.x, rect.y - state.offset, rect.w - (most > 0 ? 12.f : 0.f), 1e6f};
}

void ScrollArea::end(float content_height) {
    ui_.canvas().pop_clip();
    if (std::abs(content_height - state_.content_height) > 0.5f) ui_.request_frame();
    state_.content_height = content_height;
    const float most = std::max(0.f, content_height - rect_.h);
    if (most <= 0) return;
    const Rect track{rect_.right() - 10, rect_.y, 10, rect_.h};
    const float size = std::max(32.f, rect_.h * rect_.h / content_height);
    const Response r = ui_.interact(id_ + ".bar", track, false);
    if (r.dragged) state_.target = std::clamp((r.drag.y - track.y - size / 2) / std::max(1.f, track.h - size), 0.f, 1.f) * most;
    const float over = ui_.ease(id_ + ".~bar", r.hovered || r.held ? 1.f : 0.f);
    const float width = 4 + 3 * over, y = track.y + (track.h - size) * state_.offset / most;
    ui_.canvas().fill({track.right() - width - 1, y, width, size}, ui_.theme().color.border_strong, width / 2);
}

void scroll_to(ScrollState& state, float view_height, float top, float bottom) {
    if (bottom > state.target + view_height) state.target = bottom - view_height;
    if (top < state.target) state.target = top;
    state.target = std::max(0.f, state.target);
}

}  // namespace heddle::widgets
