#include "app/canvas/font_files.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <memory>

namespace heddle::canvas {
namespace {

using Config = std::unique_ptr<FcConfig, decltype(&FcConfigDestroy)>;
using Pattern = std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)>;

bool has_family(FcPattern* found, const std::string& family) {
    FcChar8* name = nullptr;
    for (int i = 0; FcPatternGetString(found, FC_FAMILY, i, &name) == FcResultMatch; ++i)
        if (FcStrCmpIgnoreCase(name, reinterpret_cast<const FcChar8*>(family.c_str())) == 0) return true;
    return false;
}

bool read_metrics(FT_Library library, FontFile& file) {
    FT_Face face = nullptr;
    if (FT_New_Face(library, file.path.c_str(), file.index, &face) != 0) return false;
    const auto upem = static_cast<float>(face->units_per_EM);
    const bool usable = upem > 0 && face->ascender > face->descender;
    if (usable) {
        file.ascent = static_cast<float>(face->ascender) / upem;
        file.descent = -static_cast<float>(face->descender) / upem;
        file.em_to_size = file.ascent + file.descent;
    }
    FT_Done_Face(face);
    return usable;
}

// Empty when the family is not installed: any other family that fontconfig offers instead does not count.
std::optional<FontFile> find(FcConfig* config, FT_Library library, const std::string& family, bool bold) {
    Pattern asked(FcPatternCreate(), FcPatternDestroy);
    FcPatternAddString(asked.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family.c_str()));
    FcPatternAddInteger(asked.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcPatternAddInteger(asked.get(), FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddInteger(asked.get(), FC_WIDTH, FC_WIDTH_NORMAL);
    FcPatternAddBool(asked.get(), FC_SCALABLE, FcTrue);
    FcConfigSubstitute(config, asked.get(), FcMatchPattern);
    FcDefaultSubstitute(asked.get());
    FcResult result = FcResultNoMatch;
    Pattern found(FcFontMatch(config, asked.get(), &result), FcPatternDestroy);
    if (!found || !has_family(found.get(), family)) return std::nullopt;
    FcChar8* path = nullptr;
    if (FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch) return std::nullopt;
    FontFile file;
    file.path = reinterpret_cast<const char*>(path);
    file.family = family;
    FcPatternGetInteger(found.get(), FC_INDEX, 0, &file.index);
    file.index &= 0xffff;  // the upper half names an instance of a variable font
    if (!read_metrics(library, file)) return std::nullopt;
    return file;
}

}  // namespace

Result<FontFiles> find_fonts(const std::string& sans_family, const std::string& korean_family) {
    const Config config(FcInitLoadConfigAndFonts(), FcConfigDestroy);
    if (!config) return fail("fontconfig could not be initialised", {}, "Install the package fontconfig.");
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0) return fail("FreeType could not be initialised");
    const std::unique_ptr<FT_LibraryRec_, decltype(&FT_Done_FreeType)> owner(library, FT_Done_FreeType);

    const auto sans = find(config.get(), library, sans_family, false);
    const auto mono = find(config.get(), library, "DejaVu Sans Mono", false);
    if (!sans) return fail("no font for text", sans_family, "Install the package fonts-dejavu-core.");
    if (!mono) return fail("no font for code", "DejaVu Sans Mono", "Install the package fonts-dejavu-core.");
    FontFiles files{*sans,
                    find(config.get(), library, sans_family, true).value_or(*sans),
                    *mono,
                    find(config.get(), library, "DejaVu Sans Mono", true).value_or(*mono),
                    find(config.get(), library, korean_family, false),
                    std::nullopt,
                    std::nullopt};
    if (files.korean)
        files.korean_bold = find(config.get(), library, korean_family, true).value_or(*files.korean);
    else
        files.no_korean =
            Unavailable{"korean-font", "the font " + korean_family + " is not installed", "sudo apt install fonts-noto-cjk"};
    return files;
}

}  // namespace heddle::canvas
