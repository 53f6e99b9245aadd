#include "app/panels/timeline_paint.h"

#include <array>
#include <cmath>

namespace heddle::panels {
namespace {

using model::ThreadState;

// Narrower bars have no texture: the same order of darkness says the state.
constexpr float kTextured = 5;

Color flat_color(const Theme& theme, const layout::BarBox& bar, const ThreadLook& look) {
    float strength = 1;
    switch (static_cast<ThreadState>(bar.what)) {
        case ThreadState::kRunning:
            break;
        case ThreadState::kReady:
            strength = 0.6f;
            break;
        case ThreadState::kWaiting:
            strength = 0.3f;
            break;
        case ThreadState::kNew:
        case ThreadState::kTerminated:
            strength = 0.15f;
            break;
    }
    return mix(theme.color.panel, look.fill, strength * (0.4f + 0.6f * std::clamp(bar.coverage, 0.f, 1.f)));
}

void paint_thread_bar(Context& context, const layout::BarBox& bar, const ThreadLook& look) {
    const Theme& theme = context.theme();
    const auto state = static_cast<ThreadState>(bar.what);
    if (bar.box.w >= kTextured || state == ThreadState::kNew || state == ThreadState::kTerminated) {
        draw_state(context.canvas(), theme, bar.box, look_of(state), look);
    } else {
        context.canvas().fill(bar.box, flat_color(theme, bar, look));
    }
}

void paint_cpu_bar(Context& context, const layout::BarBox& bar) {
    if (bar.what == model::kNobody) return;
    const Theme& theme = context.theme();
    const ThreadLook& look = theme.thread(bar.what);
    const float coverage = 0.4f + 0.6f * std::clamp(bar.coverage, 0.f, 1.f);
    const Color color = bar.merged ? mix(theme.color.panel, look.fill, coverage) : look.fill;
    context.canvas().fill(bar.box, color, bar.box.w >= kTextured ? theme.size.radius_bar : 0);
    if (bar.merged) return;
    const std::string name = thread_short(bar.what);
    const canvas::TextStyle style = theme.small().in(look.on_fill).strong().at(canvas::Align::kCenter);
    const Rect seen = bar.box.intersect(context.canvas().clip());
    if (seen.w > context.canvas().measure(name, style) + 8) context.canvas().text(seen, name, style, canvas::Fit::kOverflow);
}

}  // namespace

void paint_lane(Context& context, const layout::LaneRow& row, const std::vector<layout::BarBox>& bars, std::size_t first) {
    const ThreadLook& look = context.theme().thread(row.info.id);
    for (std::size_t i = first; i < bars.size(); ++i) {
        layout::BarBox bar = bars[i];
        // A run of narrow bars that look alike is one rectangle.
        while (bar.box.w < kTextured && i + 1 < bars.size() && bars[i + 1].box.w < kTextured && bars[i + 1].what == bar.what &&
               bars[i + 1].box.x == bar.box.right() && std::abs(bars[i + 1].coverage - bar.coverage) < 0.1f) {
            bar.box.w += bars[++i].box.w;
        }
        if (row.info.kind == model::LaneKind::kThread)
            paint_thread_bar(context, bar, look);
        else
            paint_cpu_bar(context, bar);
    }
}

void paint_ticks(Context& context, const layout::LaneRow& row, const std::vector<layout::TickMark>& ticks) {
    const float height = std::max(3.f, 3 * context.scale());
    const float y = row.track.bottom() + 1;
    const Color color = context.theme().thread(row.info.id).fill;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        float right = ticks[i].x + 1;
        const float left = ticks[i].x;
        while (i + 1 < ticks.size() && ticks[i + 1].x <= right + 1) right = ticks[++i].x + 1;
        context.canvas().fill({left, y, right - left, height}, color);
    }
}

void paint_arrows(Context& context, const std::vector<layout::ArrowLine>& arrows) {
    const Theme& theme = context.theme();
    for (const layout::ArrowLine& arrow : arrows) {
        const Color color = arrow.wake.from != model::kNobody ? theme.thread(arrow.wake.from).text : theme.color.text_dim;
        // A light edge keeps the line visible where it crosses bars of its own hue.
        context.canvas().line(arrow.from, arrow.to, theme.color.panel, 4.5f);
        if (arrow.wake.from != model::kNobody) {
            context.canvas().circle(arrow.from, 4.5f * context.scale(), theme.color.panel);
            context.canvas().circle(arrow.from, 3 * context.scale(), color);
        }
        context.canvas().arrow(arrow.from, arrow.to, {color, 1.5f, 6 * context.scale(), false});
    }
}

void paint_lane_label(Context& context, const model::Snapshot& snapshot, const layout::LaneRow& row) {
    const Theme& theme = context.theme();
    Rect box = row.label.inset(2, 0);
    box.w -= 8;
    if (row.info.kind == model::LaneKind::kCpu) {
        context.canvas().text(box, context.tr("cpu.name", {{"number", std::to_string(row.info.id)}}),
                              theme.small().in(theme.color.text_dim));
        return;
    }
    const std::string short_name = thread_short(row.info.id), name = thread_label(snapshot, row.info.id);
    const float used = draw_thread_name(context.canvas(), theme, box, row.info.id, short_name);
    box.take_left(used + 6);
    std::string detail = name != short_name ? name : std::string();
    if (detail.empty() && snapshot.processes.size() > 1) detail = "P" + std::to_string(row.info.process);
    if (box.w > theme.size.small * 1.5f && !detail.empty()) draw_middle_elided(context, box, detail, theme.dim());
}

void paint_playhead(Context& context, float x, float top, float bottom, std::string_view label, const layout::Axis& axis,
                    bool held) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const float size = (held ? 8 : 7) * context.scale();
    canvas.fill({std::round(x) - 1, top, 2, bottom - top}, theme.color.accent);
    const std::array<Vec2, 3> head = {Vec2{x - size, top - size}, Vec2{x + size, top - size}, Vec2{x, top + size * 0.6f}};
    canvas.polygon(head, theme.color.accent);
    const canvas::TextStyle style = theme.code_small().in(theme.color.on_accent).at(canvas::Align::kCenter);
    const float width = canvas.measure(label, style) + 12;
    const float left = std::clamp(x - width / 2, axis.x, std::max(axis.x, axis.x + axis.width - width));
    const Rect capsule{left, bottom - theme.size.small * 1.5f, width, theme.size.small * 1.5f};
    canvas.fill(capsule, theme.color.accent, theme.size.radius_small);
    canvas.text(capsule, label, style, canvas::Fit::kOverflow);
}

}  // namespace heddle::panels
