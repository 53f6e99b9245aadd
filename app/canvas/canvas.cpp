#include "app/canvas/canvas.h"

#include <array>
#include <cmath>
#include <numbers>

#include "app/canvas/fonts.h"
#include "core/base/check.h"

namespace heddle::canvas {
namespace {

constexpr float kLarge = 1e6f;  // coordinates beyond this are bugs or overflow; the backends would misbehave

bool drawable(Rect r) {
    return std::isfinite(r.x + r.y + r.w + r.h) && std::abs(r.x) < kLarge && std::abs(r.y) < kLarge;
}

}  // namespace

Rect Canvas::snapped(Rect r) const {
    const auto snap = [this](float v) { return std::round(v * scale_) / scale_; };
    const float x = snap(r.x), y = snap(r.y), pixel = 1 / scale_;
    return {x, y, std::max(pixel, snap(r.right()) - x), std::max(pixel, snap(r.bottom()) - y)};
}

void Canvas::fill(Rect rect, Color color, float radius) {
    if (rect.empty() || color.a == 0 || !drawable(rect)) return;
    rect = snapped(rect);
    // A timeline's interval may be a million pixels wide: keep what can be seen, and a margin that hides the round ends.
    const Rect seen = clip();
    if (!seen.overlaps(rect)) return;
    rect = rect.intersect(seen.inset(-16));
    if (log_) log_->fills.push_back({rect.intersect(seen), color});
    do_fill(rect, color, std::min({radius, rect.w / 2, rect.h / 2}));
}

void Canvas::stroke(Rect rect, Color color, float width, float radius) {
    if (rect.empty() || color.a == 0 || !drawable(rect)) return;
    rect = snapped(rect);
    const Rect seen = clip();
    if (!seen.overlaps(rect)) return;
    rect = rect.intersect(seen.inset(-16));
    do_stroke(rect, color, width, std::min({radius, rect.w / 2, rect.h / 2}));
}

void Canvas::line(Vec2 a, Vec2 b, Color color, float width) {
    const std::array points{a, b};
    polyline(points, color, width);
}

void Canvas::dashed_line(Vec2 a, Vec2 b, Color color, float width, float dash, float gap) {
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (length <= 0 || length > 1e5f) return;
    const Vec2 unit = (b - a) * (1 / length);
    for (float at = 0; at < length; at += dash + gap) line(a + unit * at, a + unit * std::min(at + dash, length), color, width);
}

void Canvas::polyline(std::span<const Vec2> points, Color color, float width, bool closed) {
    if (points.size() < 2 || color.a == 0) return;
    do_polyline(points, color, width, closed);
}

void Canvas::polygon(std::span<const Vec2> points, Color color) {
    if (points.size() < 3 || color.a == 0) return;
    do_polygon(points, color);
}

void Canvas::circle(Vec2 center, float radius, Color color) {
    if (radius > 0 && color.a != 0) do_circle(center, radius, color);
}

void Canvas::ring(Vec2 center, float radius, Color color, float width) {
    if (radius > 0 && color.a != 0) do_ring(center, radius, color, width);
}

void Canvas::arc(Vec2 center, float radius, float from, float to, Color color, float width) {
    const int parts = std::clamp(static_cast<int>(std::abs(to - from) * 64), 4, 96);
    std::vector<Vec2> points;
    for (int i = 0; i <= parts; ++i) {
        const float turn = from + (to - from) * static_cast<float>(i) / static_cast<float>(parts);
        const float angle = (turn - 0.25f) * 2 * std::numbers::pi_v<float>;
        points.push_back(center + Vec2{std::cos(angle), std::sin(angle)} * radius);
    }
    polyline(points, color, width);
}

void Canvas::shadow(Rect rect, float radius, Color color, float spread) {
    constexpr int kLayers = 6;
    for (int i = 0; i < kLayers; ++i) {
        const float grow = spread * static_cast<float>(kLayers - i) / kLayers;
        fill(rect.inset(-grow).moved(0, spread / 3), color.with_alpha(static_cast<float>(color.a) / 255.f / kLayers),
             radius + grow);
    }
}

void Canvas::push_clip(Rect rect) {
    rect = snapped(rect).intersect(clip());
    clips_.push_back(rect);
    do_push_clip(rect);
}

void Canvas::pop_clip() {
    CHECK(!clips_.empty());
    clips_.pop_back();
    do_pop_clip();
}

void Canvas::tag(std::string_view id, Rect rect) {
    if (!log_) return;
    CHECK(log_->find(std::string(id)) == nullptr && "an id is used twice in one frame");
    log_->tags.push_back({std::string(id), rect, clip()});
}

}  // namespace heddle::canvas
