// A PNG file as any other program reads it: every chunk's check sum, the picture's data unpacked. Reads nothing of Heddle's
// own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace heddle::test {

struct PngFile {
    std::uint32_t width = 0, height = 0;
    std::string pixels;                        // unpacked rows, each with its filter's byte
    std::map<std::string, std::string> texts;  // keyword → UTF-8 text of the iTXt chunks
};

// nullopt: not a whole and valid file (perhaps not yet).
std::optional<PngFile> read_png(const std::filesystem::path& path);

// Four bytes a pixel, the rows' filters undone (PNG specification, 9.2).
std::string colors_of(const PngFile& png);

}  // namespace heddle::test
