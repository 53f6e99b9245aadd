// Off-screen frames: real OpenGL without a display, and text in both languages that really leaves marks.
#include <gmock/gmock-more-matchers.h>

#include <cstdlib>

#include "app/window/png.h"
#include "app/window/ui_host.h"

namespace heddle::window {
namespace {

constexpr Color kPage = rgb(0x12161e), kInk = rgb(0xf0f2f5);

struct Scene {
    Image image;
    std::string renderer;
};

template <class Draw>
Result<Scene> render(int width, int height, float scale, std::string_view texts, Draw draw) {
    auto target = TRY(open_offscreen(width, height, scale));
    auto files = TRY(canvas::find_fonts());
    auto host = TRY(UiHost::create(target.get(), std::move(files)));
    host->fonts().add_text(texts);
    const float sizes[] = {13, 15, 18, 24};
    TRY(host->build_fonts(sizes, scale));
    target->begin_frame(kPage);
    draw(host->begin(target->size(), scale, 1 / 60.f));
    host->end();
    Scene scene;
    scene.image = TRY(target->read_pixels());
    scene.renderer = target->renderer();
    target->end_frame();
    return scene;
}

int marks(const Image& image, Rect r) {
    int count = 0;
    for (int y = static_cast<int>(r.y); y < static_cast<int>(r.bottom()); ++y)
        for (int x = static_cast<int>(r.x); x < static_cast<int>(r.right()); ++x)
            count += image.rgba[static_cast<std::size_t>(y * image.width + x) * 4] > 128;
    return count;
}

TEST(Offscreen, FillsExactlyThePixelsOfARectangle) {
    const auto scene = render(64, 48, 2, "", [](canvas::Canvas& c) { c.fill({8, 8, 16, 8}, kInk); });
    ASSERT_TRUE(scene) << scene.error().message();
    EXPECT_EQ(scene->image.width, 128);
    EXPECT_EQ(scene->image.height, 96);
    EXPECT_EQ(marks(scene->image, {0, 0, 128, 96}), 32 * 16);
    EXPECT_EQ(marks(scene->image, {16, 16, 32, 16}), 32 * 16);
}

TEST(Offscreen, DrawsEnglishAndKoreanText) {
    const char* korean = "스레드 두 개";
    const auto scene = render(320, 120, 1, korean, [&](canvas::Canvas& c) {
        c.text({8, 8, 300, 24}, "Lost update", {18, kInk});
        c.text({8, 40, 300, 24}, korean, {18, kInk});
        c.text({8, 72, 300, 24}, "counter++; // 증가", {15, kInk, canvas::Family::kMono, true});
    });
    ASSERT_TRUE(scene) << scene.error().message();
    for (const float y : {8.f, 40.f, 72.f}) EXPECT_GT(marks(scene->image, {8, y, 120, 24}), 150) << "line at " << y;
    // Hangul is as tall as Latin capitals, not shrunk to the height of the other font's box.
    EXPECT_GT(marks(scene->image, {8, 44, 18, 16}), 30);
    if (const char* path = std::getenv("HEDDLE_TEST_PNG")) {
        EXPECT_TRUE(write_png(path, scene->image));
    }
}

TEST(Offscreen, RefusesAPictureThatNoRendererCanHold) {
    const auto target = open_offscreen(100000, 100000, 4);
    ASSERT_FALSE(target);
    EXPECT_THAT(target.error().message(), testing::HasSubstr("smaller"));
}

}  // namespace
}  // namespace heddle::window
