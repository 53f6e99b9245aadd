// Pictures of a run without any display: files that are what they say, with their caption.
#include <gmock/gmock-more-matchers.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/shell/picture.h"
#include "tests/app/shell/pages.h"
#include "tests/support/folders.h"

namespace heddle::test {
namespace {

using namespace shell;

std::string saved(const PictureSpec& spec, const std::string& name) {
    const std::filesystem::path file = std::filesystem::path(testing_support::build_folder()) / name;
    std::filesystem::remove(file);
    const auto run = ended_race();
    const auto done = save_picture(shipped_catalog(), &lost_update(), *run, spec, file);
    EXPECT_TRUE(done) << done.error().message();
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

TEST(PictureFile, IsAPngOfTheAskedSizeTimesItsScaleWithACaption) {
    PictureSpec spec;
    spec.width = 1280, spec.height = 720, spec.scale = 2, spec.date = 1'700'000'000;
    const std::string png = saved(spec, "picture-window.png");
    ASSERT_GT(png.size(), 10'000u);
    EXPECT_EQ(png.substr(0, 4), "\x89PNG");
    EXPECT_EQ(big_endian(png, 16), 2560u);
    EXPECT_EQ(big_endian(png, 20), 1440u);
    EXPECT_THAT(png, testing::HasSubstr("races/lost-update"));
    EXPECT_THAT(png, testing::HasSubstr("Lost update · Broken"));
    EXPECT_THAT(png, testing::HasSubstr("2023-11-1"));
}

TEST(PictureFile, IsSvgWithRealTextInTheAskedLanguage) {
    PictureSpec spec;
    spec.view = "memory", spec.width = 800, spec.height = 600;
    spec.theme = ThemeKind::kPrint, spec.language = Language::kKorean;
    const std::string svg = saved(spec, "picture-view.svg");
    EXPECT_THAT(svg, testing::HasSubstr("<svg"));
    EXPECT_THAT(svg, testing::HasSubstr("</svg>"));
    EXPECT_THAT(svg, testing::HasSubstr(">메모리<"));
    EXPECT_THAT(svg, testing::HasSubstr("갱신 손실"));
    EXPECT_THAT(svg, testing::HasSubstr("counter"));
}

TEST(PictureFile, IsMadeOfEachView) {
    for (const std::string& view : picture_views()) {
        PictureSpec spec;
        spec.view = view, spec.width = 640, spec.height = 480;
        EXPECT_GT(saved(spec, "picture-" + view + ".png").size(), 4'000u) << view;
    }
}

}  // namespace
}  // namespace heddle::test
