// PNG files. Called on any thread; the image is not kept.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/window/render_target.h"

namespace heddle::window {

using PngTexts = std::vector<std::pair<std::string, std::string>>;  // keyword (Latin, 1–79 bytes) and UTF-8 text

// The file's bytes, with iTXt chunks ("Title", "Description", "Software") for captions and a pHYs chunk for the scale
// (96 dots per inch at scale 1), so that a 2x picture has the same size on a slide.
Result<std::string> encode_png(const Image& image, const PngTexts& texts = {}, float scale = 1);
Result<> write_png(const std::string& path, const Image& image, const PngTexts& texts = {}, float scale = 1);

}  // namespace heddle::window
