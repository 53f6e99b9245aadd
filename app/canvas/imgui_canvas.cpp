#include "app/canvas/imgui_canvas.h"

#include <cmath>

#include "app/canvas/fonts.h"
#include "app/canvas/imgui_compat.h"

namespace heddle::canvas {
namespace {

ImU32 packed(Color c) {
    return IM_COL32(c.r, c.g, c.b, c.a);
}
ImVec2 vec(Vec2 p) {
    return {p.x, p.y};
}

}  // namespace

ImGuiCanvas::ImGuiCanvas(const FontSet& fonts, float scale, ImDrawList& list) : Canvas(fonts, scale), list_(list) {
    // Edges are softened over one physical pixel whatever the scale.
    list_._FringeScale = 1 / scale;
}

void ImGuiCanvas::do_fill(Rect r, Color color, float radius) {
    list_.AddRectFilled({r.x, r.y}, {r.right(), r.bottom()}, packed(color), radius);
}

void ImGuiCanvas::do_stroke(Rect r, Color color, float width, float radius) {
    // A path runs along the middle of its stroke.
    const float half = width / 2;
    list_.PathRect({r.x + half, r.y + half}, {r.right() - half, r.bottom() - half}, std::max(0.f, radius - half));
    list_.PathStroke(packed(color), ImDrawFlags_Closed, width);
}

void ImGuiCanvas::do_polyline(std::span<const Vec2> points, Color color, float width, bool closed) {
    for (const Vec2 p : points) list_.PathLineTo(vec(p));
    list_.PathStroke(packed(color), closed ? ImDrawFlags_Closed : 0, width);
}

void ImGuiCanvas::do_polygon(std::span<const Vec2> points, Color color) {
    bool left = false, right = false;
    Vec2 middle;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Vec2 a = points[i], b = points[(i + 1) % points.size()], c = points[(i + 2) % points.size()];
        const float turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
        left |= turn < -1e-4f;
        right |= turn > 1e-4f;
        middle = middle + a;
    }
    middle = middle * (1 / static_cast<float>(points.size()));
    if (!left || !right) {
        for (const Vec2 p : points) list_.PathLineTo(vec(p));
        list_.PathFillConvex(packed(color));
        return;
    }
    // A fan from the centre has hairlines between its softened triangles: draw them hard, and soften the outline alone.
    const auto flags = list_.Flags;
    list_.Flags &= ~ImDrawListFlags_AntiAliasedFill;
    for (std::size_t i = 0; i < points.size(); ++i)
        list_.AddTriangleFilled(vec(middle), vec(points[i]), vec(points[(i + 1) % points.size()]), packed(color));
    list_.Flags = flags;
    for (const Vec2 p : points) list_.PathLineTo(vec(p));
    list_.PathStroke(packed(color), ImDrawFlags_Closed, 1);
}

void ImGuiCanvas::do_circle(Vec2 center, float radius, Color color) {
    list_.AddCircleFilled(vec(center), radius, packed(color));
}

void ImGuiCanvas::do_ring(Vec2 center, float radius, Color color, float width) {
    list_.AddCircle(vec(center), radius, packed(color), 0, width);
}

void ImGuiCanvas::do_bezier(Vec2 a, Vec2 c1, Vec2 c2, Vec2 b, Color color, float width) {
    list_.PathLineTo(vec(a));
    list_.PathBezierCubicCurveTo(vec(c1), vec(c2), vec(b), 32);
    list_.PathStroke(packed(color), 0, width);
}

void ImGuiCanvas::do_text(Vec2 at, std::string_view utf8, const TextStyle& style) {
    const FontSet::Pick pick = fonts().pick(utf8, style);
    list_.AddText(pick.font, pick.draw_size, {at.x, at.y - pick.ascent}, packed(style.color), utf8.data(),
                  utf8.data() + utf8.size());
}

void ImGuiCanvas::do_push_clip(Rect r) {
    list_.PushClipRect({r.x, r.y}, {r.right(), r.bottom()});
}

void ImGuiCanvas::do_pop_clip() {
    list_.PopClipRect();
}

}  // namespace heddle::canvas
