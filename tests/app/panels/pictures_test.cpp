// The panels through real OpenGL, off-screen: each leaves a picture in the build directory to look at, and none is blank.
#include <gmock/gmock-more-matchers.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/window/png.h"
#include "tests/app/panels/samples.h"
#include "tests/app/panels/scenes.h"
#include "tests/app/support/picture_studio.h"
#include "tests/support/folders.h"

namespace heddle::test {
namespace {

std::size_t colours(const window::Image& image) {
    std::set<std::uint32_t> seen;
    for (std::size_t i = 0; i + 3 < image.rgba.size() && seen.size() < 64; i += 4 * 7) {
        seen.insert(image.rgba[i] | static_cast<std::uint32_t>(image.rgba[i + 1] << 8) |
                    static_cast<std::uint32_t>(image.rgba[i + 2] << 16));
    }
    return seen.size();
}

// HEDDLE_PICTURES=all draws every theme and language; else a quick one of each panel.
TEST(PanelPictures, NoneIsBlank) {
    const std::string folder = testing_support::build_folder() + "/panel-pictures";
    std::filesystem::create_directories(folder);
    const bool all = std::getenv("HEDDLE_PICTURES") != nullptr;
    struct PictureLook {
        const char* name;
        ThemeKind kind;
        Language language;
        bool wide, presenter;
    };
    std::vector<PictureLook> looks = {{"dark-en", ThemeKind::kDark, Language::kEnglish, true, false}};
    if (all) {
        looks.push_back({"light-ko", ThemeKind::kLight, Language::kKorean, false, false});
        looks.push_back({"print-en", ThemeKind::kPrint, Language::kEnglish, false, false});
        looks.push_back({"presenter-ko", ThemeKind::kDark, Language::kKorean, true, true});
    }
    const char* only = std::getenv("HEDDLE_PICTURE");
    for (const PictureLook& look : looks) {
        const auto studio = testing_support::PictureStudio::open({1600, 1000}, make_theme(look.kind, look.presenter),
                                                                 look.language, kSampleText);
        ASSERT_TRUE(studio) << studio.error().message();
        for (const Scene& scene : panel_scenes(look.wide)) {
            if (only && scene.name.find(only) == std::string::npos) continue;
            std::vector<model::PlaybackCommand> commands;
            const auto image = (*studio)->draw(scene.size, [&](widgets::Ui& ui) { scene.draw(ui, commands); });
            ASSERT_TRUE(image) << image.error().message();
            EXPECT_GE(colours(*image), 3u) << scene.name;
            ASSERT_TRUE(window::write_png(folder + "/" + scene.name + "-" + look.name + ".png", *image));
        }
    }
}

}  // namespace
}  // namespace heddle::test
