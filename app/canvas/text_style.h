// How a text is set: family, em size, weight, colour, alignment. A plain value; sizes are logical pixels.
#pragma once

#include <cstdint>

#include "app/canvas/geometry.h"

namespace heddle::canvas {

enum class Family : std::uint8_t { kSans, kMono };
enum class Align : std::uint8_t { kLeft, kCenter, kRight };

struct TextStyle {
    float size = 15;
    Color color;
    Family family = Family::kSans;
    bool bold = false;
    Align align = Align::kLeft;

    constexpr TextStyle in(Color c) const { return {size, c, family, bold, align}; }
    constexpr TextStyle at(Align a) const { return {size, color, family, bold, a}; }
    constexpr TextStyle sized(float em) const { return {em, color, family, bold, align}; }
    constexpr TextStyle strong() const { return {size, color, family, true, align}; }
};

}  // namespace heddle::canvas
