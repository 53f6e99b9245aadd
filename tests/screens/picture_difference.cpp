#include "tests/screens/picture_difference.h"

#include <algorithm>
#include <cstdlib>

namespace heddle::test {
namespace {

// Between letters antialiased in two ways the mean was 0.5 and no cell clearly differed; the smallest element, an icon in the
// top bar, is four cells of its block (0.06) when it is gone.
constexpr int kClearly = 40;
constexpr double kMostOfABlock = 0.04, kMostMean = 2.0;
constexpr int kBlock = 8, kStride = 4;  // cells

std::size_t at(const SmallPicture& picture, int x, int y) {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) * 3;
}

std::uint8_t five_bits(int sum, int count) {
    const int level = (sum * 31 + count * 127) / (count * 255);
    return static_cast<std::uint8_t>(std::min(level, 31) * 255 / 31);
}

int channels_apart(const SmallPicture& a, const SmallPicture& b, std::size_t cell) {
    int most = 0;
    for (std::size_t channel = 0; channel < 3; ++channel)
        most = std::max(most, std::abs(int{a.rgb[cell + channel]} - int{b.rgb[cell + channel]}));
    return most;
}

double luminance(const SmallPicture& picture, std::size_t cell) {
    return 0.2126 * picture.rgb[cell] + 0.7152 * picture.rgb[cell + 1] + 0.0722 * picture.rgb[cell + 2];
}

}  // namespace

SmallPicture small_picture(const window::Image& image) {
    SmallPicture small{(image.width + kCell - 1) / kCell, (image.height + kCell - 1) / kCell, {}};
    small.rgb.reserve(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) * 3);
    for (int top = 0; top < image.height; top += kCell) {
        for (int left = 0; left < image.width; left += kCell) {
            int sums[3] = {}, count = 0;
            for (int y = top; y < std::min(top + kCell, image.height); ++y) {
                for (int x = left; x < std::min(left + kCell, image.width); ++x, ++count) {
                    const auto pixel =
                        (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) * 4;
                    for (std::size_t channel = 0; channel < 3; ++channel) sums[channel] += image.rgba[pixel + channel];
                }
            }
            for (const int sum : sums) small.rgb.push_back(five_bits(sum, count));
        }
    }
    return small;
}

bool Difference::is_one() const {
    return !same_size || mean > kMostMean || worst_block > kMostOfABlock;
}

Difference compare(const SmallPicture& reference, const SmallPicture& actual) {
    Difference difference;
    difference.same_size = reference.width == actual.width && reference.height == actual.height;
    if (!difference.same_size || reference.rgb.empty()) return difference;
    double sum = 0;
    for (std::size_t cell = 0; cell < reference.rgb.size(); cell += 3)
        sum += std::abs(luminance(reference, cell) - luminance(actual, cell));
    difference.mean = sum * 3 / static_cast<double>(reference.rgb.size());
    for (int top = 0; top < reference.height; top += kStride) {
        for (int left = 0; left < reference.width; left += kStride) {
            int clearly = 0;
            for (int y = top; y < std::min(top + kBlock, reference.height); ++y)
                for (int x = left; x < std::min(left + kBlock, reference.width); ++x)
                    clearly += channels_apart(reference, actual, at(reference, x, y)) > kClearly ? 1 : 0;
            const double share = clearly / double{kBlock * kBlock};
            if (share <= difference.worst_block) continue;
            difference.worst_block = share;
            difference.where = Rect{static_cast<float>(left), static_cast<float>(top), kBlock, kBlock};
        }
    }
    difference.where = {difference.where.x * kCell, difference.where.y * kCell, difference.where.w * kCell,
                        difference.where.h * kCell};
    return difference;
}

SmallPicture difference_picture(const SmallPicture& reference, const SmallPicture& actual) {
    SmallPicture picture{std::min(reference.width, actual.width), std::min(reference.height, actual.height), {}};
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const std::size_t here = at(reference, x, y), there = at(actual, x, y);
            int apart = 0;
            for (std::size_t channel = 0; channel < 3; ++channel)
                apart = std::max(apart, std::abs(int{reference.rgb[here + channel]} - int{actual.rgb[there + channel]}));
            const auto grey = static_cast<std::uint8_t>(luminance(reference, here) / 3);
            if (apart > kClearly)
                picture.rgb.insert(picture.rgb.end(), {255, 40, 40});
            else if (apart > kClearly / 4)
                picture.rgb.insert(picture.rgb.end(), {200, 180, 40});
            else
                picture.rgb.insert(picture.rgb.end(), {grey, grey, grey});
        }
    }
    return picture;
}

}  // namespace heddle::test
