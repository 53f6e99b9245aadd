// Home, lesson and help in every state, theme, language and size: legible, at rest when nothing moves, and pictures to look at.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "app/assets.h"
#include "app/window/png.h"
#include "app/window/ui_host.h"
#include "tests/app/shell/pages.h"

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

Result<window::Image> picture(const Page& page, const Look& look) {
    Theme theme = make_theme(look.kind);
    theme.reduce_motion = true;
    const std::string assets = TRY(find_data("assets"));
    Texts texts = TRY(Texts::load(assets + "/i18n"));
    texts.set_language(look.language);
    auto target = TRY(window::open_offscreen(static_cast<int>(page.size.x), static_cast<int>(page.size.y), 1));
    auto files = TRY(canvas::find_fonts());
    auto host = TRY(window::UiHost::create(target.get(), std::move(files)));
    host->fonts().add_text(texts.all(look.language));
    for (const catalog::Chapter& chapter : shipped_catalog().chapters()) host->fonts().add_text(chapter.title.ko);
    for (const catalog::Scenario& scenario : shipped_catalog().scenarios()) {
        for (const auto* text : {&scenario.title, &scenario.summary, &scenario.lesson}) host->fonts().add_text(text->ko);
        for (const catalog::Claim& claim : scenario.claims) host->fonts().add_text(claim.text.ko);
        if (!scenario.predict) continue;
        host->fonts().add_text(scenario.predict->question.ko + scenario.predict->explanation.ko);
        for (const catalog::Answer& answer : scenario.predict->answers) host->fonts().add_text(answer.text.ko);
    }
    TRY(host->build_fonts(theme.size.font_sizes(), 1));
    widgets::UiState state;
    shell::Commands commands;
    for (int frame = 0; frame < 4; ++frame) {  // scroll areas know their content from the second frame on
        target->begin_frame(theme.color.page);
        canvas::Canvas& canvas = host->begin(target->size(), 1, 1 / 60.f);
        canvas.push_clip({0, 0, page.size.x, page.size.y});
        const Input input;
        widgets::Ui ui(state, canvas, theme, texts, input, 1 + frame);
        panels::Context context{ui, commands.playback};
        page.draw(context, commands);
        ui.finish();
        canvas.pop_clip();
        host->end();
        target->end_frame();
    }
    return target->read_pixels();
}

// HEDDLE_PICTURES=all draws every look; else one of each page.
TEST(Pages, LeavePicturesToLookAt) {
    const std::string folder = HEDDLE_BINARY_DIR "/page-pictures";
    std::filesystem::create_directories(folder);
    const bool all = std::getenv("HEDDLE_PICTURES") != nullptr;
    const char* only = std::getenv("HEDDLE_PICTURE");
    for (const Look& look : kLooks) {
        if (!all && &look != kLooks) break;
        for (const Page& page : pages(look.wide)) {
            if (only && page.name.find(only) == std::string::npos) continue;
            const auto image = picture(page, look);
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
