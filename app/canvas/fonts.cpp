#include "app/canvas/fonts.h"

#include <cmath>

#include "app/canvas/imgui_compat.h"
#include "core/base/check.h"

namespace heddle::canvas {
namespace {

constexpr float kMonoAdvance = 0.602f;  // DejaVu Sans Mono: 1233 of 2048 units

// Signs that panels use beside their texts: arrows, dashes, quotes, ellipsis, mathematics.
constexpr unsigned short kNumeralRanges[] = {',', '.', '0', '9', 0x2013, 0x2013, 0x2026, 0x2026, 0};
constexpr std::string_view kSigns = "←↑→↓↔⇒–—‘’“”…•·×÷±≤≥≠≈µ∞−✓�";

// Code points at or above U+1100 that the Korean font brings: Hangul, CJK signs, full-width forms.
bool is_korean(std::size_t c) {
    return (c >= 0x1100 && c < 0x1200) || (c >= 0x3000 && c < 0xd800) || (c >= 0xff00 && c < 0xfff0);
}

bool holds_korean(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (is_korean(next_code_point(text, at))) return true;
    }
    return false;
}

// Bold monospace is for numbers: the few words set in it are not bold in Korean.
bool has_korean_face(Family family, bool bold) {
    return family == Family::kSans || !bold;
}

template <class Keep>
std::vector<unsigned short> ranges(const std::vector<bool>& wanted, Keep keep) {
    std::vector<unsigned short> found;
    for (std::size_t c = 1; c < wanted.size(); ++c) {
        if (!wanted[c] || !keep(c)) continue;
        if (!found.empty() && found.back() + 1u == c)
            found.back() = static_cast<unsigned short>(c);
        else
            found.insert(found.end(), {static_cast<unsigned short>(c), static_cast<unsigned short>(c)});
    }
    if (!found.empty()) found.push_back(0);
    return found;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (length == 0 || lead >= 0xf5 || at + length > text.size()) return ++at, 0xfffd;
    if (length == 1) return ++at, lead;
    char32_t c = lead & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80) return ++at, 0xfffd;
        c = (c << 6) | (byte(at + i) & 0x3fu);
    }
    at += length;
    return c;
}

FontSet::FontSet(FontFiles files) : files_(std::move(files)), wanted_(0x10000, false) {
    for (std::size_t c = 0x20; c < 0x100; ++c) wanted_[c] = c < 0x7f || c >= 0xa0;
    add_text(kSigns);
}

void FontSet::add_text(std::string_view utf8) {
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = next_code_point(utf8, at);
        if (c >= 0x20 && c < wanted_.size()) wanted_[c] = true;
    }
}

const FontFile& FontSet::file(Family family, bool bold) const {
    if (family == Family::kMono) return bold ? files_.mono_bold : files_.mono;
    return bold ? files_.sans_bold : files_.sans;
}

Result<std::string_view> FontSet::bytes_of(const std::string& path) {
    const auto known = mapped_.find(path);
    if (known != mapped_.end()) return known->second.bytes();
    return mapped_.emplace(path, TRY(MappedFile::open(path))).first->second.bytes();
}

Result<> FontSet::build(ImFontAtlas& atlas, std::span<const float> sizes, float scale) {
    CHECK(!sizes.empty() && scale > 0);
    latin_ranges_ = ranges(wanted_, [](std::size_t c) { return !is_korean(c); });
    korean_ranges_ = ranges(wanted_, is_korean);
    scale_ = scale;
    atlas.Clear();
    for (auto& face_fonts : built_) face_fonts.clear();
    for (const Family family : {Family::kSans, Family::kMono}) {
        for (const bool bold : {false, true}) {
            const FontFile& latin = file(family, bold);
            for (const float size : sizes) {
                ImFontConfig config;
                const float em = size * scale;
                if (family == Family::kMono) config.GlyphMinAdvanceX = config.GlyphMaxAdvanceX = std::round(em * kMonoAdvance);
                config.FontNo = latin.index;
                // 1.86 cuts the size down to a whole number of pixels without a word; rounding keeps both fonts near their em.
                const float pixels = std::round(em * latin.em_to_size);
                ImFont* font = compat::add_font(atlas, TRY(bytes_of(latin.path)), pixels, config, latin_ranges_.data());
                if (!font) return fail("cannot read the font", latin.path, "Reinstall the package fonts-dejavu-core.");
                const auto& korean = bold ? files_.korean_bold : files_.korean;
                if (korean && !korean_ranges_.empty() && has_korean_face(family, bold)) {
                    ImFontConfig merged;
                    merged.MergeMode = true;
                    merged.FontNo = korean->index;
                    // Hangul is narrower than two cells of the monospace font: a little larger, it fills them.
                    const float grow = family == Family::kMono ? 1.12f : 1.f;
                    if (family == Family::kMono)
                        merged.GlyphMinAdvanceX = merged.GlyphMaxAdvanceX = 2 * std::round(em * kMonoAdvance);
                    if (!compat::add_font(atlas, TRY(bytes_of(korean->path)), std::round(em * grow * korean->em_to_size),
                                          merged, korean_ranges_.data()))
                        return fail("cannot read the font", korean->path, "Reinstall the package fonts-noto-cjk.");
                }
                built_[face(family, bold)].push_back({size, pixels, font});
            }
        }
    }
    // Digits alone: at this size a whole alphabet would fill the atlas.
    const FontFile& bold_mono = file(Family::kMono, true);
    ImFontConfig config;
    config.FontNo = bold_mono.index;
    config.GlyphMinAdvanceX = config.GlyphMaxAdvanceX = std::round(kNumeralSize * scale * kMonoAdvance);
    const float pixels = std::round(kNumeralSize * scale * bold_mono.em_to_size);
    ImFont* numerals = compat::add_font(atlas, TRY(bytes_of(bold_mono.path)), pixels, config, kNumeralRanges);
    if (!numerals) return fail("cannot read the font", bold_mono.path, "Reinstall the package fonts-dejavu-core.");
    built_[face(Family::kMono, true)].push_back({kNumeralSize, pixels, numerals});
    if (!compat::build_atlas(atlas)) return fail("cannot build the font atlas");
    return {};
}

FontSet::Pick FontSet::pick(std::string_view text, const TextStyle& style) const {
    const bool bold = style.bold && (has_korean_face(style.family, true) || !holds_korean(text));
    const auto& fonts = built_[face(style.family, bold)];
    CHECK(!fonts.empty());
    const Built* best = &fonts.front();
    for (const Built& font : fonts) {
        const bool big_enough = font.size >= style.size - 0.01f;
        if (best->size < style.size - 0.01f ? font.size > best->size : big_enough && font.size < best->size) best = &font;
    }
    const float zoom = style.size / (best->size * scale_);
    Pick pick{best->font, best->pixels * zoom, compat::ascent(*best->font, best->pixels) * zoom};
    return pick;
}

float FontSet::width(std::string_view text, const TextStyle& style) const {
    const Pick picked = pick(text, style);
    return compat::text_width(*picked.font, picked.draw_size, text);
}

std::size_t FontSet::fit(std::string_view text, const TextStyle& style, float width) const {
    const Pick picked = pick(text, style);
    std::size_t good = 0;
    float used = 0;
    for (std::size_t at = 0; at < text.size(); good = at) {
        const std::size_t from = at;
        next_code_point(text, at);
        used += compat::text_width(*picked.font, picked.draw_size, text.substr(from, at - from));
        if (used > width + 0.01f) break;
    }
    return good;
}

float FontSet::ascent(const TextStyle& style) const {
    return file(style.family, style.bold).ascent * style.size;
}

float FontSet::line_height(const TextStyle& style) const {
    return std::ceil(style.size * 1.4f);
}

}  // namespace heddle::canvas
