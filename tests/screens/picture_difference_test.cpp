// That the measure tells what it must apart, on a real screen: one element is taken out, moved or recoloured; then the same
// picture as softer and heavier letters would make it.
#include "tests/screens/picture_difference.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/screens/screens.h"

namespace heddle::test {
namespace {

using window::Image;

std::uint8_t* pixel(Image& image, int x, int y) {
    return &image.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) * 4];
}

struct Box {
    int left, top, right, bottom;
};

// Over the element lies what lies beside it.
void take_out(Image& image, Box box) {
    std::array<std::uint8_t, 4> beside;
    std::copy_n(pixel(image, box.left, box.top), 4, beside.begin());
    for (int y = box.top; y < box.bottom; ++y)
        for (int x = box.left; x < box.right; ++x) std::copy_n(beside.begin(), 4, pixel(image, x, y));
}

void move_down(Image& image, Box box, int by) {
    Image before = image;
    take_out(image, box);
    for (int y = box.top; y < box.bottom && y + by < image.height; ++y)
        for (int x = box.left; x < box.right; ++x) std::copy_n(pixel(before, x, y), 4, pixel(image, x, y + by));
}

void recolour(Image& image, Box box) {
    for (int y = box.top; y < box.bottom; ++y)
        for (int x = box.left; x < box.right; ++x) std::swap(pixel(image, x, y)[0], pixel(image, x, y)[2]);
}

// Letters antialiased in another way: every pixel takes half of its colour from its neighbours.
Image softened(Image& image) {
    Image soft = image;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 1; x + 1 < image.width; ++x) {
            for (int channel = 0; channel < 3; ++channel) {
                const auto value = [&](int dx) { return int{pixel(image, x + dx, y)[channel]}; };
                pixel(soft, x, y)[channel] = static_cast<std::uint8_t>((value(-1) + 2 * value(0) + value(1)) / 4);
            }
        }
    }
    return soft;
}

// Letters rasterized heavier, or lighter: all bright details are 15 % of their contrast brighter.
Image with_contrast(const Image& image, const Image& smooth) {
    Image strong = image;
    for (std::size_t i = 0; i < image.rgba.size(); ++i)
        strong.rgba[i] = static_cast<std::uint8_t>(
            std::clamp(image.rgba[i] + (int{image.rgba[i]} - int{smooth.rgba[i]}) * 15 / 100, 0, 255));
    return strong;
}

class PictureDifference : public testing::TestWithParam<Look> {
protected:
    void SetUp() override {
        auto drawn = Artist(GetParam()).draw(screen("window-race"), &log_);
        ASSERT_TRUE(drawn) << drawn.error().message();
        image_ = std::move(*drawn);
        reference_ = small_picture(image_);
    }
    Box box(const char* id) const {
        const canvas::TagRecord* const tag = log_.find(id);
        if (tag == nullptr) throw std::runtime_error(std::string("no element is called ") + id);
        const Rect seen = tag->rect.intersect(tag->clip);
        return {static_cast<int>(seen.x), static_cast<int>(seen.y), static_cast<int>(seen.right()),
                static_cast<int>(seen.bottom())};
    }
    Difference after(const Image& changed) const { return compare(reference_, small_picture(changed)); }

    canvas::LayoutLog log_;
    Image image_;
    SmallPicture reference_;
};

TEST_P(PictureDifference, IsSeenWhenOneElementIsGoneOrMoved) {
    for (const char* id : {"topbar.help", "transport.restart", "variant.mutex", "rail.process/states", "lesson.answer.1",
                           "states.node.2", "timeline.lane.1", "memory.card.2", "code.line.7", "sentence.text"}) {
        Image without = image_, shifted = image_;
        take_out(without, box(id));
        EXPECT_TRUE(after(without).is_one()) << id << " is gone: " << after(without).worst_block;
        move_down(shifted, box(id), 8);
        EXPECT_TRUE(after(shifted).is_one()) << id << " is 8 pixels lower: " << after(shifted).worst_block;
        const Difference difference = after(without);
        const Rect block = difference.where;
        const Box gone = box(id);
        EXPECT_TRUE(block.x < static_cast<float>(gone.right) && block.right() > static_cast<float>(gone.left) &&
                    block.y < static_cast<float>(gone.bottom) && block.bottom() > static_cast<float>(gone.top))
            << id << " is not where the difference is said to be";
    }
}

TEST_P(PictureDifference, IsSeenWhenOneElementHasAnotherColour) {
    for (const char* id : {"states.node.2", "timeline.lane.1", "timeline.lane.2", "cpus.row.1"}) {
        Image changed = image_;
        recolour(changed, box(id));
        EXPECT_TRUE(after(changed).is_one()) << id << ": " << after(changed).worst_block;
    }
}

TEST_P(PictureDifference, IsNoneForLettersOfAnotherRasterizer) {
    const Image soft = softened(image_), strong = with_contrast(image_, soft);
    EXPECT_FALSE(after(image_).is_one());
    EXPECT_FALSE(after(soft).is_one()) << after(soft).mean << " " << after(soft).worst_block;
    EXPECT_FALSE(after(strong).is_one()) << after(strong).mean << " " << after(strong).worst_block;
}

TEST_P(PictureDifference, IsSeenWhenTheWholeIsLargerOrOfAnotherTheme) {
    Image smaller = image_;
    smaller.height -= kCell, smaller.rgba.resize(smaller.rgba.size() - static_cast<std::size_t>(smaller.width) * 4 * kCell);
    EXPECT_FALSE(after(smaller).same_size);
    EXPECT_TRUE(after(smaller).is_one());
    Image negative = image_;
    for (std::uint8_t& byte : negative.rgba) byte = static_cast<std::uint8_t>(255 - byte);
    EXPECT_GT(after(negative).mean, 50);
}

INSTANTIATE_TEST_SUITE_P(, PictureDifference, testing::Values(looks().front(), looks().back()));

}  // namespace
}  // namespace heddle::test
