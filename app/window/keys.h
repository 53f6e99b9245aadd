// GLFW's keys as ours. Pure but for the keyboard layout, which is asked for letters: a shortcut is the letter that is
// printed on the key, also on a keyboard whose Q sits where the A of another is.
#pragma once

#include <string>

#include "app/canvas/input.h"

namespace heddle::window {

KeyPress translate_key(int glfw_key, int scancode, int glfw_mods, bool repeat);
void append_utf8(std::string& text, unsigned int code_point);

}  // namespace heddle::window
