// How far two pictures of one screen are apart, so that another version of Mesa or FreeType is no difference and a missing,
// moved or recoloured element is one. Pictures are compared small: cells of 4 × 4 pixels, each the mean of its colours. Pure.
#pragma once

#include "app/window/render_target.h"

namespace heddle::test {

inline constexpr int kCell = 4;

// Three bytes a cell, top row first; five bits a channel are kept, which stores well.
struct SmallPicture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgb;
    bool operator==(const SmallPicture&) const = default;
};

SmallPicture small_picture(const window::Image& image);

struct Difference {
    bool same_size = true;
    double mean = 0;  // of the luminance's absolute differences over all cells, 0 to 255
    // Of the cells of the worst block (32 × 32 pixels), how many are clearly different in some channel.
    double worst_block = 0;
    Rect where;  // that block, in pixels of the screen

    bool is_one() const;
};

Difference compare(const SmallPicture& reference, const SmallPicture& actual);

// Grey where the same, from yellow to red where not.
SmallPicture difference_picture(const SmallPicture& reference, const SmallPicture& actual);

}  // namespace heddle::test
