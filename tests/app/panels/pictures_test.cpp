// The panels through real OpenGL, off-screen: each leaves a picture in the build directory to look at, and none is blank.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/assets.h"
#include "app/window/png.h"
#include "app/window/ui_host.h"
#include "tests/app/panels/scenes.h"

namespace heddle::test {
namespace {

Result<window::Image> picture(const Scene& scene, ThemeKind kind, Language language, bool presenter) {
    Theme theme = make_theme(kind, presenter);
    theme.reduce_motion = true;
    const std::string folder = TRY(find_data("assets")) + "/i18n";
    Texts texts = TRY(Texts::load(folder));
    texts.set_language(language);
    auto target = TRY(window::open_offscreen(static_cast<int>(scene.size.x), static_cast<int>(scene.size.y), 1));
    auto files = TRY(canvas::find_fonts());
    auto host = TRY(window::UiHost::create(target.get(), std::move(files)));
    host->fonts().add_text(texts.all(Language::kEnglish));
    host->fonts().add_text(texts.all(Language::kKorean));
    host->fonts().add_text("두 스레드가 함께 쓰는 변수 한 줄이지만 세 단계");
    TRY(host->build_fonts(theme.size.font_sizes(), 1));
    widgets::UiState state;
    for (int frame = 0; frame < 3; ++frame) {  // scroll areas know their content from the second frame on
        target->begin_frame(theme.color.page);
        canvas::Canvas& canvas = host->begin(target->size(), 1, 1 / 60.f);
        canvas.push_clip({0, 0, scene.size.x, scene.size.y});
        const Input input;
        std::vector<model::PlaybackCommand> commands;
        widgets::Ui ui(state, canvas, theme, texts, input, 1 + frame);
        scene.draw(ui, commands);
        ui.finish();
        canvas.pop_clip();
        host->end();
        target->end_frame();
    }
    return target->read_pixels();
}

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
    const std::string folder = HEDDLE_BINARY_DIR "/panel-pictures";
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
        for (const Scene& scene : panel_scenes(look.wide)) {
            if (only && scene.name.find(only) == std::string::npos) continue;
            const auto image = picture(scene, look.kind, look.language, look.presenter);
            ASSERT_TRUE(image) << image.error().message();
            EXPECT_GE(colours(*image), 3u) << scene.name;
            ASSERT_TRUE(window::write_png(folder + "/" + scene.name + "-" + look.name + ".png", *image));
        }
    }
}

}  // namespace
}  // namespace heddle::test
