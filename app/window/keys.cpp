#include "app/window/keys.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <array>
#include <utility>

namespace heddle::window {
namespace {

Key from(Key first, int offset) {
    return static_cast<Key>(static_cast<int>(first) + offset);
}

// With a Korean layout the key's name is a jamo or empty: then its place on a Latin keyboard counts.
Key layout_key(int glfw_key, int scancode) {
    const char* name = glfwGetKeyName(glfw_key, scancode);
    if (!name || name[0] == 0 || name[1] != 0) return Key::kNone;
    const char c = name[0];
    if (c >= 'a' && c <= 'z') return from(Key::kA, c - 'a');
    if (c >= 'A' && c <= 'Z') return from(Key::kA, c - 'A');
    return c == '/' ? Key::kSlash : c == '+' ? Key::kPlus : c == '-' ? Key::kMinus : c == '?' ? Key::kQuestion : Key::kNone;
}

constexpr std::array<std::pair<int, Key>, 26> kPlain{{
    {GLFW_KEY_SPACE, Key::kSpace},
    {GLFW_KEY_ENTER, Key::kEnter},
    {GLFW_KEY_KP_ENTER, Key::kEnter},
    {GLFW_KEY_ESCAPE, Key::kEscape},
    {GLFW_KEY_TAB, Key::kTab},
    {GLFW_KEY_BACKSPACE, Key::kBackspace},
    {GLFW_KEY_DELETE, Key::kDelete},
    {GLFW_KEY_LEFT, Key::kLeft},
    {GLFW_KEY_RIGHT, Key::kRight},
    {GLFW_KEY_UP, Key::kUp},
    {GLFW_KEY_DOWN, Key::kDown},
    {GLFW_KEY_HOME, Key::kHome},
    {GLFW_KEY_END, Key::kEnd},
    {GLFW_KEY_PAGE_UP, Key::kPageUp},
    {GLFW_KEY_PAGE_DOWN, Key::kPageDown},
    {GLFW_KEY_KP_ADD, Key::kPlus},
    {GLFW_KEY_KP_SUBTRACT, Key::kMinus},
    {GLFW_KEY_EQUAL, Key::kPlus},
    {GLFW_KEY_MINUS, Key::kMinus},
    {GLFW_KEY_SLASH, Key::kSlash},
    {GLFW_KEY_COMMA, Key::kComma},
    {GLFW_KEY_PERIOD, Key::kPeriod},
    {GLFW_KEY_KP_DIVIDE, Key::kSlash},
    {GLFW_KEY_KP_0, Key::k0},
    {GLFW_KEY_KP_1, Key::k1},
    {GLFW_KEY_KP_2, Key::k2},
}};

}  // namespace

KeyPress translate_key(int glfw_key, int scancode, int mods, bool repeat) {
    KeyPress press{Key::kNone, (mods & GLFW_MOD_SHIFT) != 0, (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_ALT) != 0,
                   repeat};
    if (glfw_key >= GLFW_KEY_F1 && glfw_key <= GLFW_KEY_F12)
        press.key = from(Key::kF1, glfw_key - GLFW_KEY_F1);
    else if (glfw_key >= GLFW_KEY_0 && glfw_key <= GLFW_KEY_9)
        press.key = from(Key::k0, glfw_key - GLFW_KEY_0);
    else
        press.key = layout_key(glfw_key, scancode);
    if (press.key == Key::kNone && glfw_key >= GLFW_KEY_A && glfw_key <= GLFW_KEY_Z)
        press.key = from(Key::kA, glfw_key - GLFW_KEY_A);
    for (const auto& [theirs, ours] : kPlain)
        if (press.key == Key::kNone && theirs == glfw_key) press.key = ours;
    if (press.key == Key::kSlash && press.shift) press.key = Key::kQuestion;
    return press;
}

void append_utf8(std::string& text, unsigned int c) {
    if (c < 0x20 || c == 0x7f || c > 0x10ffff) return;
    const auto put = [&](unsigned int byte) { text += static_cast<char>(byte); };
    if (c < 0x80) return put(c);
    if (c < 0x800) return put(0xc0 | (c >> 6)), put(0x80 | (c & 0x3f));
    if (c < 0x10000) return put(0xe0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3f)), put(0x80 | (c & 0x3f));
    put(0xf0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3f)), put(0x80 | ((c >> 6) & 0x3f)), put(0x80 | (c & 0x3f));
}

}  // namespace heddle::window
