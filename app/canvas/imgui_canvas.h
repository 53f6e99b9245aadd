// ImGuiCanvas: paints into a Dear ImGui draw list. Made anew for each frame by the window's host, on the main thread.
#pragma once

#include "app/canvas/canvas.h"

struct ImDrawList;

namespace heddle::canvas {

class ImGuiCanvas final : public Canvas {
public:
    // `list` must stay alive until the frame is rendered.
    ImGuiCanvas(const FontSet& fonts, float scale, ImDrawList& list);

private:
    void do_fill(Rect rect, Color color, float radius) override;
    void do_stroke(Rect rect, Color color, float width, float radius) override;
    void do_polyline(std::span<const Vec2> points, Color color, float width, bool closed) override;
    void do_polygon(std::span<const Vec2> points, Color color) override;
    void do_circle(Vec2 center, float radius, Color color) override;
    void do_ring(Vec2 center, float radius, Color color, float width) override;
    void do_bezier(Vec2 a, Vec2 c1, Vec2 c2, Vec2 b, Color color, float width) override;
    void do_text(Vec2 baseline_left, std::string_view utf8, const TextStyle& style) override;
    void do_push_clip(Rect rect) override;
    void do_pop_clip() override;

    ImDrawList& list_;
};

}  // namespace heddle::canvas
