// Patterns and arrows, composed of the backends' primitives so that every backend draws the same picture.
#include <array>
#include <cmath>

#include "app/canvas/canvas.h"

namespace heddle::canvas {
namespace {

// The part of the rectangle where lo <= x + y <= hi: a stripe, convex, at most six corners.
std::vector<Vec2> diagonal_band(Rect r, float lo, float hi) {
    std::vector<Vec2> polygon{{r.x, r.y}, {r.right(), r.y}, {r.right(), r.bottom()}, {r.x, r.bottom()}};
    for (const bool upper : {false, true}) {
        const auto side = [&](Vec2 p) { return upper ? hi - (p.x + p.y) : p.x + p.y - lo; };
        std::vector<Vec2> kept;
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const Vec2 a = polygon[i], b = polygon[(i + 1) % polygon.size()];
            const float sa = side(a), sb = side(b);
            if (sa >= 0) kept.push_back(a);
            if ((sa > 0 && sb < 0) || (sa < 0 && sb > 0)) kept.push_back(a + (b - a) * (sa / (sa - sb)));
        }
        polygon = std::move(kept);
    }
    return polygon;
}

void stripes(Canvas& canvas, Rect r, Color ink) {
    constexpr float kPeriod = 10, kWidth = 4.2f;  // measured along x
    for (float at = std::floor((r.x + r.y) / kPeriod) * kPeriod; at < r.right() + r.bottom(); at += kPeriod) {
        const auto band = diagonal_band(r, at, at + kWidth);
        if (band.size() >= 3) canvas.polygon(band, ink);
    }
}

void dots(Canvas& canvas, Rect r, Color ink) {
    constexpr float kPeriod = 8, kRadius = 1.6f;
    const int rows = std::max(1, static_cast<int>((r.h + 1) / kPeriod));
    const float top = r.center().y - static_cast<float>(rows - 1) * kPeriod / 2;
    for (int row = 0; row < rows; ++row) {
        const float shift = row % 2 == 0 ? 0 : kPeriod / 2;
        const float y = top + static_cast<float>(row) * kPeriod;
        for (float x = std::ceil((r.x + kRadius - shift) / kPeriod) * kPeriod + shift; x <= r.right() - kRadius; x += kPeriod)
            canvas.circle({x, y}, kRadius, ink);
    }
}

}  // namespace

void Canvas::pattern(Rect rect, Pattern pattern, Color ink, Color background, float radius) {
    rect = snapped(rect);
    const Rect seen = rect.intersect(clip());
    if (seen.empty()) return;
    if (pattern == Pattern::kSolid) return fill(rect, ink, radius);
    if (pattern == Pattern::kThinLine) return fill({rect.x, std::round(rect.center().y - 1), rect.w, 2}, ink);
    fill(rect, background, radius);
    // Too narrow for a texture: the outline alone says "not solid".
    const Rect inner = rect.inset(1.5f).intersect(seen);
    if (inner.w > 3 && inner.h > 3) {
        if (pattern == Pattern::kStripes) stripes(*this, inner, ink);
        if (pattern == Pattern::kDots) dots(*this, inner, ink);
    }
    stroke(rect, ink, rect.w < 3 ? rect.w / 2 : 1.25f, radius);
}

void Canvas::bezier(Vec2 a, Vec2 c1, Vec2 c2, Vec2 b, const ArrowStyle& style) {
    const auto at = [&](float t) {
        const float u = 1 - t;
        return a * (u * u * u) + c1 * (3 * u * u * t) + c2 * (3 * u * t * t) + b * (t * t * t);
    };
    // The head points along the last stretch of the curve, and the curve ends inside of the head.
    Vec2 tangent = b - c2;
    if (std::hypot(tangent.x, tangent.y) < 0.5f) tangent = b - c1;
    if (std::hypot(tangent.x, tangent.y) < 0.5f) tangent = b - a;
    const float length = std::hypot(tangent.x, tangent.y);
    if (length < 0.01f) return;
    const Vec2 along = tangent * (1 / length), across{-along.y, along.x};
    const Vec2 end = b - along * (style.head * 0.8f);
    if (style.dashed) {
        constexpr int kParts = 64;
        for (int i = 0; i + 1 < kParts; i += 3) {
            const float t0 = static_cast<float>(i) / kParts, t1 = static_cast<float>(i + 2) / kParts;
            line(at(t0), at(std::min(t1, 0.97f)), style.color, style.width);
        }
    } else if (style.color.a != 0) {
        do_bezier(a, c1, c2 - along * (style.head * 0.8f), end, style.color, style.width);
    }
    if (style.head > 0) {
        const std::array head{b, b - along * style.head + across * (style.head * 0.45f),
                              b - along * style.head - across * (style.head * 0.45f)};
        polygon(head, style.color);
    }
}

void Canvas::arrow(Vec2 a, Vec2 b, const ArrowStyle& style) {
    bezier(a, a + (b - a) * (1 / 3.f), a + (b - a) * (2 / 3.f), b, style);
}

}  // namespace heddle::canvas
