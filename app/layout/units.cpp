#include "app/layout/units.h"

#include <array>
#include <cstdio>
#include <vector>

namespace heddle::layout {
namespace {

// Decodes one code point at `at` and advances; a malformed byte counts as one code point of its own.
char32_t next(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at++);
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    if (more == 0) return first;
    char32_t point = first & (0x3f >> more);
    for (int i = 0; i < more; ++i) {
        if (at >= text.size() || (byte(at) & 0xc0) != 0x80) return point;
        point = (point << 6) | (byte(at++) & 0x3f);
    }
    return point;
}

// Unicode Standard Annex 11, the blocks that a source file or a message holds in practice.
bool wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f) || (c >= 0xac00 && c <= 0xd7a3) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
           (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
}

}  // namespace

std::string address_text(std::uint64_t address) {
    std::array<char, 24> text{};
    if (address <= 0xffffffffULL) {
        std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(address));
        return text.data();
    }
    std::snprintf(text.data(), text.size(), "%llx", static_cast<unsigned long long>(address));
    std::string digits = text.data();
    for (std::size_t at = digits.size(); at > 4;) {
        at -= 4;
        digits.insert(at, " ");
    }
    return digits;
}

std::string elided_middle(std::string_view text, float width, const Measure& measure) {
    if (measure(text) <= width) return std::string(text);
    std::vector<std::size_t> borders;
    for (std::size_t at = 0; at < text.size();) borders.push_back(at), next(text, at);
    borders.push_back(text.size());
    // The end of a path tells more than its beginning: keep one letter more of it.
    for (std::size_t kept = borders.size() - 1; kept-- > 1;) {
        const std::size_t head = kept / 2, tail = kept - head;
        std::string shorter(text.substr(0, borders[head]));
        shorter.append("…").append(text.substr(borders[borders.size() - 1 - tail]));
        if (measure(shorter) <= width) return shorter;
    }
    return "…";
}

int cells(std::string_view utf8) {
    int columns = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t point = next(utf8, at);
        if (point == U'\t')
            columns += 4 - columns % 4;
        else
            columns += wide(point) ? 2 : 1;
    }
    return columns;
}

}  // namespace heddle::layout
