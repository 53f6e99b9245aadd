// Numbers as people write them; kept apart from the texts because it needs no file.
#include <array>
#include <cmath>
#include <cstdio>

#include "app/i18n.h"

namespace heddle {
namespace {

// Three significant digits, no trailing ".0": 4.71, 12.4, 118, 5.
std::string short_number(double value) {
    const double size = std::abs(value);
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", size < 10 ? 2 : size < 100 ? 1 : 0, value);
    std::string text = buffer.data();
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text;
}

}  // namespace

std::string Texts::number(long long value) {
    std::string digits = std::to_string(value);
    const std::size_t first = digits[0] == '-' ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
    return digits;
}

std::string Texts::number(double value, int decimals) {
    if (!std::isfinite(value)) return "–";
    std::array<char, 400> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    const std::string text = buffer.data();
    const std::size_t point = text.find('.');
    std::string whole = text.substr(0, point);
    const std::size_t first = whole[0] == '-' ? 1 : 0;
    for (std::size_t at = whole.size(); at > first + 3;) whole.insert(at -= 3, 1, ',');
    return point == std::string::npos ? whole : whole + text.substr(point);
}

std::string Texts::duration(std::chrono::nanoseconds value) {
    const auto ns = static_cast<double>(value.count());
    const double size = std::abs(ns);
    // 999.6 µs would round to "1000 µs"; the next unit takes over where rounding reaches it.
    if (size < 999.5) return short_number(ns) + " ns";
    if (size < 999.5e3) return short_number(ns / 1e3) + " µs";
    if (size < 999.5e6) return short_number(ns / 1e6) + " ms";
    return size < 9995e9 ? short_number(ns / 1e9) + " s" : number(static_cast<long long>(ns / 1e9)) + " s";
}

std::string Texts::bytes(unsigned long long value) {
    constexpr std::array<const char*, 6> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    auto size = static_cast<double>(value);
    std::size_t unit = 0;
    while (size >= 1023.5 && unit + 1 < kUnits.size()) size /= 1024, ++unit;
    return short_number(size) + " " + kUnits[unit];
}

}  // namespace heddle
