// A fontconfig of its own for a program under test: no fonts at all, or the Latin ones that Heddle needs and no Korean one.
#pragma once

#include <filesystem>

namespace heddle::testing_support {

enum class Fonts { kNone, kLatin };

// Writes the configuration, and copies fonts, into `folder`; returns the value for FONTCONFIG_FILE.
std::filesystem::path offer_fonts(Fonts fonts, const std::filesystem::path& folder);

}  // namespace heddle::testing_support
