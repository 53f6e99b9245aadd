// SvgCanvas: writes the same picture as SVG 1.1 with real text, for slides and papers. Measures with the fonts of a built
// FontSet, so that line breaks and shortened texts agree with the screen. Any thread that owns the FontSet.
#pragma once

#include <string>

#include "app/canvas/canvas.h"

namespace heddle::canvas {

class SvgCanvas final : public Canvas {
public:
    // `title` and `description` go into the file as its caption.
    SvgCanvas(const FontSet& fonts, Vec2 size, Color page, std::string_view title = {}, std::string_view description = {});
    // The finished document; the canvas is spent afterwards.
    std::string finish();

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

    void number(float value);
    void attribute(const char* name, float value);
    void paint(const char* name, Color color);
    void points(std::span<const Vec2> list);

    std::string out_;
    int clip_count_ = 0;
    int open_groups_ = 0;
};

// & < > " and control characters made safe for XML.
std::string xml_escaped(std::string_view text);

}  // namespace heddle::canvas
