// Addresses as texts for the screen, and the few things that layouts know of UTF-8. Pure; used by layouts and panels.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace heddle::layout {

// "0x404040" below 4 GiB, else in groups of four digits as they are read aloud: "7ffd 3a2c 1000".
std::string address_text(std::uint64_t address);

// Width of a text in pixels, as the picture's fonts have it.
using Measure = std::function<float(std::string_view)>;
// Shortened in its middle until it fits: "/usr/lib/…/libc.so.6". Whole code points only.
std::string elided_middle(std::string_view text, float width, const Measure& measure);

// Columns that a text takes in a monospace grid where a Hangul or other wide letter takes two; a tab advances to a multiple of
// four.
int cells(std::string_view utf8);

}  // namespace heddle::layout
