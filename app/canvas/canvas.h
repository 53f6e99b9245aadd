// Canvas: what every panel draws on, in logical pixels. One backend paints through Dear ImGui, one writes SVG; both give
// the same picture. A panel gets a Canvas& for one frame on the main thread, keeps none, and never sees a library's type.
// Filled rectangles are snapped to physical pixels and never thinner than one.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/canvas/geometry.h"
#include "app/canvas/layout_log.h"
#include "app/canvas/text_style.h"

namespace heddle::canvas {

class FontSet;

enum class Pattern : std::uint8_t { kSolid, kStripes, kDots, kThinLine };
enum class Fit : std::uint8_t { kElide, kClip, kOverflow };  // what happens to a text wider than its box

struct ArrowStyle {
    Color color;
    float width = 1.5f;
    float head = 8;  // length of the head; 0 draws none
    bool dashed = false;
};

class Canvas {
public:
    explicit Canvas(const FontSet& fonts, float scale) : fonts_(fonts), scale_(scale) {}
    virtual ~Canvas() = default;
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    // --- shapes -----------------------------------------------------------------------------------------------------
    void fill(Rect rect, Color color, float radius = 0);
    // The stroke lies inside of the rectangle.
    void stroke(Rect rect, Color color, float width = 1, float radius = 0);
    void line(Vec2 a, Vec2 b, Color color, float width = 1);
    void dashed_line(Vec2 a, Vec2 b, Color color, float width = 1, float dash = 4, float gap = 4);
    // Crisp one-pixel lines, for grids and borders.
    void hline(float x0, float x1, float y, Color color) { fill({x0, y, x1 - x0, 1}, color); }
    void vline(float x, float y0, float y1, Color color) { fill({x, y0, 1, y1 - y0}, color); }
    void polyline(std::span<const Vec2> points, Color color, float width = 1, bool closed = false);
    // Convex, or star-shaped as seen from its centroid.
    void polygon(std::span<const Vec2> points, Color color);
    void circle(Vec2 center, float radius, Color color);
    void ring(Vec2 center, float radius, Color color, float width = 1.5f);
    // Angles clockwise from 12 o'clock, in turns (0…1).
    void arc(Vec2 center, float radius, float from, float to, Color color, float width = 1.5f);
    void bezier(Vec2 a, Vec2 c1, Vec2 c2, Vec2 b, const ArrowStyle& style);  // with its head at b
    void arrow(Vec2 a, Vec2 b, const ArrowStyle& style);
    void shadow(Rect rect, float radius, Color color, float spread = 12);  // soft, below the rectangle

    // A state's texture inside a rectangle: background first, pattern over it in `ink`.
    void pattern(Rect rect, Pattern pattern, Color ink, Color background, float radius = 0);

    // --- text -------------------------------------------------------------------------------------------------------
    // One line, vertically centred in the box by its capital letters, aligned by the style.
    void text(Rect box, std::string_view utf8, const TextStyle& style, Fit fit = Fit::kElide);
    // One line with its baseline's start (or middle, or end) at a point; never shortened.
    void text_at(Vec2 baseline, std::string_view utf8, const TextStyle& style);
    // Several lines, broken at spaces and newlines (before its bracket or between syllables where a word is wider than the
    // box); returns the height used. With draw = false nothing is drawn.
    float paragraph(Rect box, std::string_view utf8, const TextStyle& style, bool draw = true);
    float measure(std::string_view utf8, const TextStyle& style) const;
    float line_height(const TextStyle& style) const;

    // --- clipping ---------------------------------------------------------------------------------------------------
    void push_clip(Rect rect);  // intersected with the current one
    void pop_clip();
    Rect clip() const { return clips_.empty() ? Rect{-1e6f, -1e6f, 2e6f, 2e6f} : clips_.back(); }

    // --- for tests --------------------------------------------------------------------------------------------------
    // Names a rectangle. Ids are unique within a frame (checked while a log is attached).
    void tag(std::string_view id, Rect rect);
    void set_log(LayoutLog* log) { log_ = log; }
    LayoutLog* log() const { return log_; }

    const FontSet& fonts() const { return fonts_; }
    float scale() const { return scale_; }  // physical pixels per logical one
    Rect snapped(Rect rect) const;

protected:
    // What a backend provides; rectangles are snapped already, colours not transparent.
    virtual void do_fill(Rect rect, Color color, float radius) = 0;
    virtual void do_stroke(Rect rect, Color color, float width, float radius) = 0;
    virtual void do_polyline(std::span<const Vec2> points, Color color, float width, bool closed) = 0;
    virtual void do_polygon(std::span<const Vec2> points, Color color) = 0;
    virtual void do_circle(Vec2 center, float radius, Color color) = 0;
    virtual void do_ring(Vec2 center, float radius, Color color, float width) = 0;
    virtual void do_bezier(Vec2 a, Vec2 c1, Vec2 c2, Vec2 b, Color color, float width) = 0;
    virtual void do_text(Vec2 baseline_left, std::string_view utf8, const TextStyle& style) = 0;
    virtual void do_push_clip(Rect rect) = 0;
    virtual void do_pop_clip() = 0;

private:
    void emit_text(Vec2 baseline_left, std::string_view shown, std::string_view asked, Rect box, const TextStyle& style,
                   bool elided);

    const FontSet& fonts_;
    float scale_;
    LayoutLog* log_ = nullptr;
    std::vector<Rect> clips_;
};

}  // namespace heddle::canvas
