// FontSet: the font atlas of one picture scale. Collect every text that may be drawn with add_text, then build; a glyph
// that was not collected is drawn as a box. Measures text for all backends of Canvas, with or without OpenGL.
// Owned by the window's host, used on the main thread. Rebuild (new language, presenter sizes, other scale) between frames.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "app/canvas/font_files.h"
#include "app/canvas/mapped_file.h"
#include "app/canvas/text_style.h"
#include "core/base/result.h"

struct ImFont;
struct ImFontAtlas;

namespace heddle::canvas {

// Bold monospace digits, comma, point, minus and dash are also built at this em size, for a number that stands alone.
inline constexpr float kNumeralSize = 64;

class FontSet {
public:
    explicit FontSet(FontFiles files);

    const FontFiles& files() const { return files_; }
    bool has_korean() const { return files_.korean.has_value(); }
    float built_scale() const { return scale_; }

    // Printable ASCII, Latin-1, arrows and a few signs are always there.
    void add_text(std::string_view utf8);

    // Replaces the fonts of the atlas. `sizes` are em sizes in logical pixels, `scale` is physical pixels per logical one.
    // The caller uploads the texture anew.
    Result<> build(ImFontAtlas& atlas, std::span<const float> sizes, float scale);

    // The built font of the nearest size at least as large (or the largest), to be drawn at style.size.
    struct Pick {
        ImFont* font = nullptr;
        float draw_size = 0;  // Dear ImGui's size for the wanted em
        float ascent = 0;     // from the top of Dear ImGui's line to the baseline, logical pixels
    };
    Pick pick(std::string_view text, const TextStyle& style) const;

    float width(std::string_view text, const TextStyle& style) const;
    // The longest prefix of text, in bytes at a code point's border, that is at most `width` wide.
    std::size_t fit(std::string_view text, const TextStyle& style, float width) const;
    // Of the text family, in logical pixels: what a line of this size needs.
    float ascent(const TextStyle& style) const;
    float line_height(const TextStyle& style) const;

private:
    struct Built {
        float size = 0;    // em, logical
        float pixels = 0;  // Dear ImGui's size, physical, whole
        ImFont* font = nullptr;
    };
    const FontFile& file(Family family, bool bold) const;
    static std::size_t face(Family family, bool bold) { return (family == Family::kMono ? 2u : 0u) + (bold ? 1u : 0u); }

    Result<std::string_view> bytes_of(const std::string& path);

    FontFiles files_;
    std::map<std::string, MappedFile> mapped_;                  // by path; outlives the atlas's fonts
    std::vector<bool> wanted_;                                  // code points of the basic plane
    std::vector<unsigned short> latin_ranges_, korean_ranges_;  // live as long as the atlas: Dear ImGui keeps pointers
    std::array<std::vector<Built>, 4> built_;                   // by face
    float scale_ = 1;
};

// Decodes one code point and advances; malformed bytes give U+FFFD, one byte at a time.
char32_t next_code_point(std::string_view text, std::size_t& at);

}  // namespace heddle::canvas
