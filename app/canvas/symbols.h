// Shapes that say who (a thread is a hue and a shape) and icons, drawn as vector paths on any Canvas. Pure functions of
// their arguments.
#pragma once

#include "app/canvas/canvas.h"

namespace heddle::canvas {

enum class Shape : std::uint8_t { kCircle, kSquare, kTriangle, kDiamond, kPentagon, kHexagon, kStar, kCross };
inline constexpr int kShapeCount = 8;

// Inscribed in a circle of this radius; all look equally large.
void draw_shape(Canvas& canvas, Shape shape, Vec2 center, float radius, Color color);

enum class Icon : std::uint8_t {
    kPlay,
    kPause,
    kStep,
    kBack,
    kRestart,
    kPicture,
    kLanguage,
    kTheme,
    kPresenter,
    kHelp,
    kSearch,
    kChevronRight,
    kChevronDown,
    kChevronLeft,
    kChevronUp,
    kCheck,
    kCross,
    kWarning,
    kMaximize,
    kMinimize,
    kPlus,
    kMinus,
    kInfo,
    kLock,
    kUnlock,
    kFlag,
    kEye,
    kFolder,
    kSave,
    kStop,
    kSpeed,
    kExplore,
    kGear,
    kMenu,
    kCopy,
    kFit,
    kHome,
    kEnd,
    kClock,
    kThread,
    kCount,
};

// Inside of a square of side `size` around the center; strokes are size / 11 wide.
void draw_icon(Canvas& canvas, Icon icon, Vec2 center, float size, Color color);

}  // namespace heddle::canvas
