#include "tests/app/support/font_offer.h"

#include <fstream>
#include <stdexcept>

#include "app/canvas/font_files.h"

namespace heddle::testing_support {

namespace fs = std::filesystem;

fs::path offer_fonts(Fonts fonts, const fs::path& folder) {
    const fs::path offered = folder / "fonts", file = folder / "fonts.conf";
    fs::create_directories(offered);
    if (fonts == Fonts::kLatin) {
        const auto installed = canvas::find_fonts();
        if (!installed) throw std::runtime_error(installed.error().message());
        for (const canvas::FontFile& font : {installed->sans, installed->sans_bold, installed->mono, installed->mono_bold})
            fs::copy_file(font.path, offered / fs::path(font.path).filename(), fs::copy_options::skip_existing);
    }
    std::ofstream(file) << "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>"
                        << offered.string() << "</dir><cachedir>" << (folder / "font-cache").string()
                        << "</cachedir></fontconfig>\n";
    return file;
}

}  // namespace heddle::testing_support
