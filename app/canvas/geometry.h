// Points, rectangles and colours of a picture, in logical pixels with y downwards. Plain values without any library's
// types, so that layout and tests use them without a window.
#pragma once

#include <algorithm>
#include <cstdint>

namespace heddle {

struct Vec2 {
    float x = 0, y = 0;
    constexpr bool operator==(const Vec2&) const = default;
};
constexpr Vec2 operator+(Vec2 a, Vec2 b) {
    return {a.x + b.x, a.y + b.y};
}
constexpr Vec2 operator-(Vec2 a, Vec2 b) {
    return {a.x - b.x, a.y - b.y};
}
constexpr Vec2 operator*(Vec2 a, float k) {
    return {a.x * k, a.y * k};
}

// Half-open: a point on the right or bottom edge is outside.
struct Rect {
    float x = 0, y = 0, w = 0, h = 0;

    constexpr bool operator==(const Rect&) const = default;
    constexpr float right() const { return x + w; }
    constexpr float bottom() const { return y + h; }
    constexpr Vec2 center() const { return {x + w / 2, y + h / 2}; }
    constexpr Vec2 top_left() const { return {x, y}; }
    constexpr bool empty() const { return w <= 0 || h <= 0; }
    constexpr bool contains(Vec2 p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    constexpr bool contains(const Rect& r) const {
        return r.x >= x && r.right() <= right() && r.y >= y && r.bottom() <= bottom();
    }
    constexpr bool overlaps(const Rect& r) const { return x < r.right() && r.x < right() && y < r.bottom() && r.y < bottom(); }
    constexpr Rect inset(float d) const { return inset(d, d); }
    constexpr Rect inset(float dx, float dy) const { return {x + dx, y + dy, w - 2 * dx, h - 2 * dy}; }
    constexpr Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }
    constexpr Rect intersect(const Rect& r) const {
        const float left = std::max(x, r.x), top = std::max(y, r.y);
        return {left, top, std::max(0.f, std::min(right(), r.right()) - left),
                std::max(0.f, std::min(bottom(), r.bottom()) - top)};
    }
    // take_*: cuts a strip off this rectangle and returns it; `gap` is dropped between the two.
    constexpr Rect take_left(float width, float gap = 0) {
        const Rect cut{x, y, std::min(width, w), h};
        x += cut.w + gap, w = std::max(0.f, w - cut.w - gap);
        return cut;
    }
    constexpr Rect take_right(float width, float gap = 0) {
        const float taken = std::min(width, w);
        const Rect cut{right() - taken, y, taken, h};
        w = std::max(0.f, w - taken - gap);
        return cut;
    }
    constexpr Rect take_top(float height, float gap = 0) {
        const Rect cut{x, y, w, std::min(height, h)};
        y += cut.h + gap, h = std::max(0.f, h - cut.h - gap);
        return cut;
    }
    constexpr Rect take_bottom(float height, float gap = 0) {
        const float taken = std::min(height, h);
        const Rect cut{x, bottom() - taken, w, taken};
        h = std::max(0.f, h - taken - gap);
        return cut;
    }
};

struct Color {
    std::uint8_t r = 0, g = 0, b = 0, a = 255;
    constexpr bool operator==(const Color&) const = default;
    constexpr Color with_alpha(float alpha) const {
        return {r, g, b, static_cast<std::uint8_t>(std::clamp(alpha, 0.f, 1.f) * 255.f + 0.5f)};
    }
};

constexpr Color rgb(std::uint32_t hex) {
    return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex), 255};
}

// t = 0 gives a, t = 1 gives b; alpha is mixed too.
constexpr Color mix(Color a, Color b, float t) {
    const auto part = [t](std::uint8_t p, std::uint8_t q) {
        return static_cast<std::uint8_t>(static_cast<float>(p) + (static_cast<float>(q) - static_cast<float>(p)) * t + 0.5f);
    };
    return {part(a.r, b.r), part(a.g, b.g), part(a.b, b.b), part(a.a, b.a)};
}

// `top` drawn over an opaque `bottom`.
constexpr Color over(Color top, Color bottom) {
    return mix(bottom, Color{top.r, top.g, top.b, bottom.a}, static_cast<float>(top.a) / 255.f);
}

}  // namespace heddle
