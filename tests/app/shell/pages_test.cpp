// Home, lesson and help in every state, theme, language and size: legible, at rest when nothing moves, and pictures to look at.
#include <gmock/gmock-more-matchers.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/window/png.h"
#include "tests/app/shell/pages.h"
#include "tests/support/folders.h"

namespace heddle::test {
namespace {

struct Look {
    const char* name;
    ThemeKind kind;
    Language language;
    bool wide;
};
constexpr Look kLooks[] = {{"dark-en", ThemeKind::kDark, Language::kEnglish, true},
                           {"light-ko", ThemeKind::kLight, Language::kKorean, true},
                           {"light-en-small", ThemeKind::kLight, Language::kEnglish, false},
                           {"dark-ko-small", ThemeKind::kDark, Language::kKorean, false}};

TEST(Pages, AreLegibleInEveryThemeLanguageAndSize) {
    for (const Look& look : kLooks) {
        for (const Page& page : pages(look.wide)) {
            shell::Commands commands;
            testing_support::UiDriver driver(
                page.size,
                [&](widgets::Ui& ui) {
                    panels::Context context{ui, commands.playback};
                    page.draw(context, commands);
                },
                make_theme(look.kind), look.language);
            EXPECT_FALSE(driver.log().texts.empty()) << page.name;
            EXPECT_THAT(illegible(driver), testing::IsEmpty()) << page.name << " " << look.name;
            EXPECT_TRUE(commands.app.empty() && commands.playback.empty()) << page.name << " asks for what nobody asked for";
            for (const auto& text : driver.log().texts) {
                EXPECT_FALSE(driver.texts.has(text.text)) << page.name << " shows the key " << text.text;
                EXPECT_EQ(text.text.find("{"), std::string::npos) << text.text;
            }
            driver.wait(1);
            EXPECT_FALSE(driver.wake_after) << page.name << " never rests";
        }
    }
}

// HEDDLE_PICTURES=all draws every look; else one of each page.
TEST(Pages, LeavePicturesToLookAt) {
    const std::string folder = testing_support::build_folder() + "/page-pictures";
    std::filesystem::create_directories(folder);
    const bool all = std::getenv("HEDDLE_PICTURES") != nullptr;
    const char* only = std::getenv("HEDDLE_PICTURE");
    for (const Look& look : kLooks) {
        if (!all && &look != kLooks) break;
        const auto studio = open_page_studio(look.kind, look.language);
        ASSERT_TRUE(studio) << studio.error().message();
        for (const Page& page : pages(look.wide)) {
            if (only && page.name.find(only) == std::string::npos) continue;
            const auto image = picture(page, **studio);
            ASSERT_TRUE(image) << image.error().message();
            std::set<std::uint8_t> reds;
            for (std::size_t i = 0; i < image->rgba.size(); i += 4) reds.insert(image->rgba[i]);
            EXPECT_GT(reds.size(), 8u) << page.name << " is blank";
            ASSERT_TRUE(window::write_png(folder + "/" + page.name + "-" + look.name + ".png", *image));
        }
    }
}

}  // namespace
}  // namespace heddle::test
