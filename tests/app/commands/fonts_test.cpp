// The command line on a machine without fonts, or without a Korean one: what is missing is said, with the package that has it.
#include "tests/app/support/font_offer.h"

#include <gmock/gmock-more-matchers.h>
#include <stdlib.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/app/commands/command_line.h"

namespace heddle::test {
namespace {

using testing::HasSubstr;
using testing_support::Fonts;

class FontsMissing : public CommandLine {
protected:
    Outcome heddle_with(Fonts fonts, const std::string& arguments) {
        const std::string file = testing_support::offer_fonts(fonts, folder_);
        return heddle(arguments, [file] { return ::setenv("FONTCONFIG_FILE", file.c_str(), 1) == 0; });
    }
    nlohmann::json facility(Fonts fonts, const std::string& id) {
        const Outcome outcome = heddle_with(fonts, "doctor --json");
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        const auto all = nlohmann::json::parse(outcome.out).at("facilities");
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.at("id") == id; });
        return found == all.end() ? nlohmann::json::object() : *found;
    }
};

TEST_F(FontsMissing, APictureWithoutAnyNamesTheFontAndThePackageOnce) {
    const Outcome outcome = heddle_with(Fonts::kNone, "shot races/lost-update --set increments=100 -o a.png");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("DejaVu Sans"));
    EXPECT_THAT(outcome.err, HasSubstr("fonts-dejavu-core"));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "a.png"));
}

TEST_F(FontsMissing, EnglishPicturesNeedNoKoreanFontAndKoreanOnesSayWhichPackage) {
    EXPECT_EQ(heddle_with(Fonts::kLatin, "shot races/lost-update --set increments=100 -o a.png").code, 0);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "a.png"));
    const Outcome korean = heddle_with(Fonts::kLatin, "shot races/lost-update --set increments=100 -o b.png --lang ko");
    EXPECT_EQ(korean.code, 1);
    EXPECT_THAT(korean.err, HasSubstr("fonts-noto-cjk"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "b.png"));
}

TEST_F(FontsMissing, WhatNeedsNoFontWorksWithoutAny) {
    EXPECT_EQ(heddle_with(Fonts::kNone, "list --lang ko").code, 0);
    EXPECT_EQ(heddle_with(Fonts::kNone, "run races/lost-update --set increments=100 --lang ko").code, 0);
}

TEST_F(FontsMissing, TheDoctorSaysHowToGetThem) {
    const auto text = facility(Fonts::kNone, "text-font");
    EXPECT_EQ(text.at("works"), false);
    EXPECT_EQ(text.at("remedy"), "sudo apt install fonts-dejavu-core");
    EXPECT_EQ(facility(Fonts::kLatin, "text-font").at("works"), true);
    const auto korean = facility(Fonts::kLatin, "korean-font");
    EXPECT_EQ(korean.at("works"), false);
    EXPECT_EQ(korean.at("remedy"), "sudo apt install fonts-noto-cjk");
}

}  // namespace
}  // namespace heddle::test
