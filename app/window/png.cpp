#include "app/window/png.h"

#include <stb_image_write.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace heddle::window {
namespace {

constexpr std::size_t kSignature = 8, kHeaderChunk = 25;  // IHDR: length, name, 13 bytes, check sum

std::uint32_t crc(std::string_view bytes) {
    std::uint32_t value = 0xffffffff;
    for (const char byte : bytes) {
        value ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? 0xedb88320u : 0u);
    }
    return ~value;
}

std::string big_endian(std::uint32_t v) {
    return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}

// PNG specification, 5.3: length, name, data, CRC over name and data.
std::string chunk(const std::string& name, const std::string& data) {
    return big_endian(static_cast<std::uint32_t>(data.size())) + name + data + big_endian(crc(name + data));
}

}  // namespace

Result<std::string> encode_png(const Image& image, const PngTexts& texts, float scale) {
    std::string bytes;
    const auto append = [](void* context, void* data, int size) {
        static_cast<std::string*>(context)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
    };
    if (stbi_write_png_to_func(append, &bytes, image.width, image.height, 4, image.rgba.data(), image.width * 4) == 0)
        return fail("the picture could not be encoded as PNG");
    const auto per_metre = static_cast<std::uint32_t>(std::lround(96 * scale / 0.0254f));
    std::string extra = chunk("pHYs", big_endian(per_metre) + big_endian(per_metre) + '\1');
    for (const auto& [keyword, text] : texts)
        extra += chunk("iTXt", keyword.substr(0, 79) + std::string("\0\0\0\0\0", 5) + text);
    bytes.insert(kSignature + kHeaderChunk, extra);
    return bytes;
}

Result<> write_png(const std::string& path, const Image& image, const PngTexts& texts, float scale) {
    const std::string bytes = TRY(encode_png(image, texts, scale));
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file) return fail_errno("cannot write the picture", path);
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    if (std::fclose(file) != 0 || !written) return fail_errno("cannot write the picture", path);
    return {};
}

}  // namespace heddle::window
