#include "tests/window/png_file.h"

#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>

namespace heddle::test {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

// Four bytes a pixel, eight bits each: what a window is made of.
bool unpack(const std::string& packed, PngFile& png) {
    uLongf size = static_cast<uLongf>(png.height) * (1 + static_cast<uLongf>(png.width) * 4);
    const uLongf expected = size;
    png.pixels.resize(size);
    return uncompress(reinterpret_cast<Bytef*>(png.pixels.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                      static_cast<uLong>(packed.size())) == Z_OK &&
           size == expected;
}

}  // namespace

std::optional<PngFile> read_png(const std::filesystem::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string bytes = content.str();
    std::string_view rest = bytes;
    if (!rest.starts_with(kSignature)) return {};
    rest.remove_prefix(kSignature.size());
    PngFile png;
    std::string packed;
    while (rest.size() >= 12) {
        const std::size_t length = big_endian(rest);
        if (length > rest.size() - 12) return {};
        const std::string_view name = rest.substr(4, 4), data = rest.substr(8, length);
        const std::string_view summed = rest.substr(4, 4 + length);
        const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(summed.data()), static_cast<uInt>(summed.size()));
        if (sum != big_endian(rest.substr(8 + length))) return {};
        if (name == "IHDR" && length == 13) {
            png.width = big_endian(data), png.height = big_endian(data.substr(4));
            if (png.width > 8192 || png.height > 8192 || data[8] != 8 || data[9] != 6) return {};
        } else if (name == "IDAT") {
            packed += data;
        } else if (name == "iTXt" && data.find('\0') != std::string_view::npos) {
            const std::size_t keyword = data.find('\0');
            if (length >= keyword + 5) png.texts[std::string(data.substr(0, keyword))] = data.substr(keyword + 5);
        } else if (name == "IEND") {
            if (rest.size() != 12 || !unpack(packed, png)) return {};
            return png;
        }
        rest.remove_prefix(12 + length);
    }
    return {};
}

std::string colors_of(const PngFile& png) {
    constexpr std::size_t kPixel = 4;
    const std::size_t row = std::size_t{png.width} * kPixel;
    std::string colors(row * png.height, '\0');
    const auto at = [&](std::size_t y, std::size_t x) {
        return static_cast<int>(static_cast<unsigned char>(colors[y * row + x]));
    };
    for (std::size_t y = 0; y < png.height; ++y) {
        const char filter = png.pixels[y * (row + 1)];
        for (std::size_t x = 0; x < row; ++x) {
            const int left = x >= kPixel ? at(y, x - kPixel) : 0, up = y > 0 ? at(y - 1, x) : 0;
            const int corner = x >= kPixel && y > 0 ? at(y - 1, x - kPixel) : 0;
            const int guess = left + up - corner;
            const int a = std::abs(guess - left), b = std::abs(guess - up), c = std::abs(guess - corner);
            const int paeth = a <= b && a <= c ? left : b <= c ? up : corner;
            const int add[] = {0, left, up, (left + up) / 2, paeth};
            colors[y * row + x] = static_cast<char>(png.pixels[y * (row + 1) + 1 + x] + add[filter % 5]);
        }
    }
    return colors;
}

}  // namespace heddle::test
