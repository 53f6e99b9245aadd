// Where the fonts lie on this machine, as fontconfig answers: the text family, the monospace family, and a Korean font for
// each. Called once at start, on the main thread. fontconfig substitutes silently, so the family it returns is compared
// with the one that was asked for. Opens no font for drawing.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/unavailable.h"

namespace heddle::canvas {

struct FontFile {
    std::string path;
    int index = 0;  // face in a collection (.ttc)
    std::string family;
    float em_to_size = 1;  // (ascender - descender) / unitsPerEm: Dear ImGui sizes a font by its height, we by its em
    float ascent = 1;      // above the baseline, in em
    float descent = 0;     // below it, in em, positive
};

struct FontFiles {
    FontFile sans, sans_bold, mono, mono_bold;
    std::optional<FontFile> korean, korean_bold;
    std::optional<Unavailable> no_korean;  // facility "korean-font": text falls back to English, and this says why
};

// Fails when no text font or no monospace font is installed, naming the package that has one. `sans_family` is for tests.
Result<FontFiles> find_fonts(const std::string& sans_family = "DejaVu Sans",
                             const std::string& korean_family = "Noto Sans CJK KR");

}  // namespace heddle::canvas
