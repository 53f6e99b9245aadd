#include "app/canvas/symbols.h"

#include <array>
#include <cmath>
#include <initializer_list>
#include <numbers>

namespace heddle::canvas {
namespace {

// A regular polygon (or star, with inner < 1), its first corner at 12 o'clock turned by `turn`.
void regular(Canvas& canvas, int corners, Vec2 center, float radius, Color color, float turn = 0, float inner = 1) {
    std::array<Vec2, 16> points;
    const int count = inner < 1 ? corners * 2 : corners;
    for (int i = 0; i < count; ++i) {
        const float angle =
            ((static_cast<float>(i) + turn) / static_cast<float>(count) - 0.25f) * 2 * std::numbers::pi_v<float>;
        const float r = i % 2 == 1 && inner < 1 ? radius * inner : radius;
        points[static_cast<std::size_t>(i)] = center + Vec2{std::cos(angle), std::sin(angle)} * r;
    }
    canvas.polygon(std::span(points).first(static_cast<std::size_t>(count)), color);
}

// Draws on a 24 x 24 grid around the centre, as icon designers do.
class Pen {
public:
    Pen(Canvas& canvas, Vec2 center, float size, Color color)
        : canvas_(canvas), center_(center), unit_(size / 24), color_(color), width_(std::max(1.25f, size / 11)) {}

    Vec2 at(float x, float y) const { return center_ + Vec2{x - 12, y - 12} * unit_; }
    void path(std::initializer_list<Vec2> points, bool closed = false) const {
        std::vector<Vec2> placed;
        for (const Vec2 p : points) placed.push_back(at(p.x, p.y));
        canvas_.polyline(placed, color_, width_, closed);
    }
    void solid(std::initializer_list<Vec2> points) const {
        std::vector<Vec2> placed;
        for (const Vec2 p : points) placed.push_back(at(p.x, p.y));
        canvas_.polygon(placed, color_);
    }
    void ring(float x, float y, float r) const { canvas_.ring(at(x, y), r * unit_, color_, width_); }
    void disc(float x, float y, float r) const { canvas_.circle(at(x, y), r * unit_, color_); }
    void arc(float x, float y, float r, float from, float to) const {
        canvas_.arc(at(x, y), r * unit_, from, to, color_, width_);
    }
    void box(float x, float y, float w, float h, float radius) const {
        const Vec2 corner = at(x, y);
        canvas_.stroke({corner.x, corner.y, w * unit_, h * unit_}, color_, width_, radius * unit_);
    }
    void bar(float x, float y, float w, float h) const {
        const Vec2 corner = at(x, y);
        canvas_.fill({corner.x, corner.y, w * unit_, h * unit_}, color_, unit_);
    }
    void text(const char* utf8, float x, float y, float em) const {
        canvas_.text_at(at(x, y), utf8, {em * unit_, color_, Family::kSans, true, Align::kCenter});
    }
    Canvas& canvas() const { return canvas_; }
    Color color() const { return color_; }

private:
    Canvas& canvas_;
    Vec2 center_;
    float unit_;
    Color color_;
    float width_;
};

void transport(const Pen& p, Icon icon) {
    switch (icon) {
        case Icon::kPlay:
            return p.solid({{7, 4}, {20, 12}, {7, 20}});
        case Icon::kPause:
            return p.bar(6, 4, 4.5f, 16), p.bar(13.5f, 4, 4.5f, 16);
        case Icon::kStop:
            return p.bar(5, 5, 14, 14);
        case Icon::kStep:
            return p.solid({{5, 4}, {16, 12}, {5, 20}}), p.bar(17, 4, 3, 16);
        case Icon::kBack:
            return p.solid({{19, 4}, {8, 12}, {19, 20}}), p.bar(4, 4, 3, 16);
        case Icon::kHome:
            return p.solid({{20, 5}, {12, 12}, {20, 19}}), p.solid({{12, 5}, {4, 12}, {12, 19}});
        case Icon::kEnd:
            return p.solid({{4, 5}, {12, 12}, {4, 19}}), p.solid({{12, 5}, {20, 12}, {12, 19}});
        case Icon::kRestart:
            return p.arc(12, 12.8f, 7.8f, 0.01f, 0.8f), p.solid({{13, 0.4f}, {13, 9.6f}, {5.6f, 5}});
        default:
            return;
    }
}

void arrows(const Pen& p, Icon icon) {
    switch (icon) {
        case Icon::kChevronRight:
            return p.path({{9, 5}, {16, 12}, {9, 19}});
        case Icon::kChevronLeft:
            return p.path({{15, 5}, {8, 12}, {15, 19}});
        case Icon::kChevronDown:
            return p.path({{5, 9}, {12, 16}, {19, 9}});
        case Icon::kChevronUp:
            return p.path({{5, 15}, {12, 8}, {19, 15}});
        case Icon::kMaximize:
            return p.path({{14, 4}, {20, 4}, {20, 10}}), p.path({{10, 20}, {4, 20}, {4, 14}}), p.path({{20, 4}, {14, 10}}),
                   p.path({{4, 20}, {10, 14}});
        case Icon::kMinimize:
            return p.path({{14, 4}, {14, 10}, {20, 10}}), p.path({{10, 20}, {10, 14}, {4, 14}}), p.path({{14, 10}, {20, 4}}),
                   p.path({{10, 14}, {4, 20}});
        case Icon::kFit:
            return p.path({{3, 5}, {3, 19}}), p.path({{21, 5}, {21, 19}}), p.path({{6, 12}, {18, 12}}),
                   p.path({{9, 9}, {6, 12}, {9, 15}}), p.path({{15, 9}, {18, 12}, {15, 15}});
        case Icon::kExplore:
            return p.path({{4, 12}, {10, 12}, {16, 5}, {20, 5}}), p.path({{10, 12}, {16, 19}, {20, 19}}),
                   p.path({{10, 12}, {20, 12}}), p.disc(4, 12, 2.5f);
        default:
            return;
    }
}

void marks(const Pen& p, Icon icon) {
    switch (icon) {
        case Icon::kCheck:
            return p.path({{4, 13}, {10, 18.5f}, {20, 6}});
        case Icon::kCross:
            return p.path({{6, 6}, {18, 18}}), p.path({{18, 6}, {6, 18}});
        case Icon::kPlus:
            return p.path({{12, 4}, {12, 20}}), p.path({{4, 12}, {20, 12}});
        case Icon::kMinus:
            return p.path({{4, 12}, {20, 12}});
        case Icon::kMenu:
            return p.path({{4, 6}, {20, 6}}), p.path({{4, 12}, {20, 12}}), p.path({{4, 18}, {20, 18}});
        case Icon::kWarning:
            return p.path({{12, 3}, {22, 20.5f}, {2, 20.5f}}, true), p.bar(10.9f, 9, 2.2f, 6), p.disc(12, 17.5f, 1.3f);
        case Icon::kInfo:
            return p.ring(12, 12, 9), p.bar(10.9f, 10.5f, 2.2f, 7), p.disc(12, 7.5f, 1.4f);
        case Icon::kHelp:
            return p.text("?", 12, 19, 20);
        case Icon::kLanguage:
            p.text("A", 7, 17.5f, 15);  // and the syllable "ga", drawn: the Korean font may be missing
            return p.path({{13, 8.5f}, {17.4f, 8.5f}, {16.6f, 13}, {13.4f, 17}}), p.path({{20.3f, 6.5f}, {20.3f, 19}}),
                   p.path({{20.3f, 12}, {23, 12}});
        case Icon::kFlag:
            return p.path({{6, 3}, {6, 21}}), p.solid({{6, 4}, {19, 8.5f}, {6, 13}});
        default:
            return;
    }
}

void things(const Pen& p, Icon icon) {
    switch (icon) {
        case Icon::kPicture:
            return p.box(3, 4, 18, 16, 2.5f), p.disc(8.5f, 9.5f, 1.8f),
                   p.path({{4, 18}, {10, 13}, {13, 15.5f}, {17, 11}, {20, 14}});
        case Icon::kTheme: {
            p.ring(12, 12, 8.5f);
            std::array<Vec2, 18> half;
            for (std::size_t i = 0; i < half.size(); ++i) {
                const float angle = (static_cast<float>(i) / 17.f - 0.5f) * std::numbers::pi_v<float>;
                half[i] = p.at(12 + 8.5f * std::cos(angle), 12 + 8.5f * std::sin(angle));
            }
            return p.canvas().polygon(half, p.color());
        }
        case Icon::kPresenter:
            return p.box(2.5f, 4, 19, 12, 1.5f), p.path({{12, 16}, {12, 18.5f}}), p.path({{7, 21}, {12, 18}, {17, 21}});
        case Icon::kSearch:
            return p.ring(10.5f, 10.5f, 6.5f), p.path({{15.3f, 15.3f}, {21, 21}});
        case Icon::kLock:
            return p.bar(4.5f, 11, 15, 10),
                   p.path({{8, 11}, {8, 7.5f}, {9.5f, 4.8f}, {12, 4}, {14.5f, 4.8f}, {16, 7.5f}, {16, 11}});
        case Icon::kUnlock:
            return p.bar(4.5f, 11, 15, 10), p.path({{8, 11}, {8, 5.5f}, {9.5f, 2.8f}, {12, 2}, {14.5f, 2.8f}, {16, 5.5f}});
        case Icon::kEye:
            return p.path({{2, 12}, {6, 7.5f}, {12, 5.5f}, {18, 7.5f}, {22, 12}, {18, 16.5f}, {12, 18.5f}, {6, 16.5f}}, true),
                   p.disc(12, 12, 3);
        case Icon::kFolder:
            return p.path({{3, 19}, {3, 5}, {9, 5}, {11.5f, 8}, {21, 8}, {21, 19}}, true);
        case Icon::kSave:
            return p.path({{12, 3}, {12, 14}}), p.path({{7, 9.5f}, {12, 14.5f}, {17, 9.5f}}),
                   p.path({{4, 16}, {4, 20.5f}, {20, 20.5f}, {20, 16}});
        case Icon::kCopy:
            return p.box(8, 8, 12.5f, 12.5f, 2),
                   p.path({{5, 15.5f}, {3.8f, 15.5f}, {3.8f, 3.8f}, {15.5f, 3.8f}, {15.5f, 5.5f}});
        case Icon::kSpeed:
            return p.arc(12, 14.5f, 9, -0.27f, 0.27f), p.path({{12, 14.5f}, {16.5f, 9}}), p.disc(12, 14.5f, 2);
        case Icon::kClock:
            return p.ring(12, 12, 9), p.path({{12, 6.5f}, {12, 12.5f}, {16, 14.5f}});
        case Icon::kGear: {
            for (int i = 0; i < 8; ++i) {
                const float a = static_cast<float>(i) * std::numbers::pi_v<float> / 4;
                p.path({{12 + 6 * std::cos(a), 12 + 6 * std::sin(a)}, {12 + 9.5f * std::cos(a), 12 + 9.5f * std::sin(a)}});
            }
            return p.ring(12, 12, 5.5f);
        }
        case Icon::kThread:
            return p.path({{4, 6}, {9, 6}, {15, 18}, {20, 18}}), p.path({{4, 18}, {9, 18}, {15, 6}, {20, 6}});
        default:
            return;
    }
}

}  // namespace

void draw_shape(Canvas& canvas, Shape shape, Vec2 c, float r, Color color) {
    switch (shape) {
        case Shape::kCircle:
            return canvas.circle(c, r * 0.94f, color);
        case Shape::kSquare:
            return canvas.fill({c.x - r * 0.84f, c.y - r * 0.84f, r * 1.68f, r * 1.68f}, color, r * 0.2f);
        case Shape::kTriangle:
            return regular(canvas, 3, c + Vec2{0, r * 0.16f}, r * 1.14f, color);
        case Shape::kDiamond:
            return regular(canvas, 4, c, r * 1.1f, color);
        case Shape::kPentagon:
            return regular(canvas, 5, c + Vec2{0, r * 0.06f}, r * 1.02f, color);
        case Shape::kHexagon:
            return regular(canvas, 6, c, r, color, 0.5f);
        case Shape::kStar:
            return regular(canvas, 5, c + Vec2{0, r * 0.08f}, r * 1.2f, color, 0, 0.45f);
        case Shape::kCross: {
            const float a = r * 0.92f, t = r * 0.34f;
            canvas.fill({c.x - a, c.y - t, 2 * a, 2 * t}, color, t * 0.4f);
            return canvas.fill({c.x - t, c.y - a, 2 * t, 2 * a}, color, t * 0.4f);
        }
    }
}

void draw_icon(Canvas& canvas, Icon icon, Vec2 center, float size, Color color) {
    const Pen pen(canvas, center, size, color);
    // Each group draws the icons it knows and no other.
    transport(pen, icon);
    arrows(pen, icon);
    marks(pen, icon);
    things(pen, icon);
}

}  // namespace heddle::canvas
