// What the person did since the last frame: the pointer, keys and text, in logical pixels. The window fills it from GLFW,
// tests fill it by hand; widgets and the shell only read it. A plain value for one frame.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/canvas/geometry.h"

namespace heddle {

enum class Key : std::uint8_t {
    kNone,
    // Letters and digits are kA + n, k0 + n.
    kA,
    kB,
    kC,
    kD,
    kE,
    kF,
    kG,
    kH,
    kI,
    kJ,
    kK,
    kL,
    kM,
    kN,
    kO,
    kP,
    kQ,
    kR,
    kS,
    kT,
    kU,
    kV,
    kW,
    kX,
    kY,
    kZ,
    k0,
    k1,
    k2,
    k3,
    k4,
    k5,
    k6,
    k7,
    k8,
    k9,
    kF1,
    kF2,
    kF3,
    kF4,
    kF5,
    kF6,
    kF7,
    kF8,
    kF9,
    kF10,
    kF11,
    kF12,
    kSpace,
    kEnter,
    kEscape,
    kTab,
    kBackspace,
    kDelete,
    kLeft,
    kRight,
    kUp,
    kDown,
    kHome,
    kEnd,
    kPageUp,
    kPageDown,
    kPlus,
    kMinus,
    kSlash,
    kQuestion,
    kComma,
    kPeriod,
};

struct KeyPress {
    Key key = Key::kNone;
    bool shift = false, ctrl = false, alt = false;
    bool repeat = false;
    constexpr bool operator==(const KeyPress&) const = default;
};

struct Input {
    Vec2 pointer{-1e6f, -1e6f};  // far outside while the pointer is not over the window
    bool down = false;           // primary button, now
    bool pressed = false;        // went down since the last frame
    bool released = false;       // went up since the last frame
    bool double_click = false;
    bool right_pressed = false;
    bool shift = false, ctrl = false, alt = false;
    Vec2 wheel;                        // lines, y up
    std::vector<KeyPress> keys;        // in order, presses and repeats
    std::string text;                  // characters typed or pasted, UTF-8; Enter is a newline in it
    std::vector<std::string> dropped;  // paths of files that were dropped onto the window

    bool has(Key key, bool ctrl_too = false) const {
        for (const KeyPress& press : keys)
            if (press.key == key && press.ctrl == ctrl_too && !press.alt) return true;
        return false;
    }
};

}  // namespace heddle
