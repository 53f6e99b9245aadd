#include "core/symbols/scalar_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace heddle::symbols {
namespace {

template <class Float>
std::string shortest_text(Float value) {
    std::array<char, 128> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return std::string(text.data(), end.ptr);
}

std::string char_text(const Type& type, std::uint64_t bits) {
    const bool is_unsigned = type.size > 1 || type.name.starts_with("unsigned");
    const std::string number = is_unsigned ? std::to_string(bits) : std::to_string(sign_extend(bits, 8));
    if (is_unsigned || bits >= 0x7f) return number;
    const auto c = static_cast<char>(bits);
    const std::string literal = c == '\'' ? "\\'" : c == '"' ? "\"" : escaped(c);
    return "'" + literal + "' (" + number + ")";
}

std::string enum_text(const Type& type, std::int64_t value) {
    for (const Enumerator& enumerator : type.enumerators) {
        if (enumerator.value == value) return enumerator.name;
    }
    std::string names;  // a set of flags, if every bit has a name
    std::int64_t rest = value;
    for (const Enumerator& enumerator : type.enumerators) {
        const std::int64_t bit = enumerator.value;
        if (bit <= 0 || (bit & (bit - 1)) != 0 || (rest & bit) == 0) continue;
        names += (names.empty() ? "" : " | ") + enumerator.name;
        rest &= ~bit;
    }
    return rest == 0 && !names.empty() ? names : std::to_string(value);
}

}  // namespace

std::string hex(std::uint64_t value) {
    std::array<char, 20> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, 16);
    return "0x" + std::string(text.data(), end.ptr);
}

std::string float_text(long double value) {
    return shortest_text(value);
}

std::int64_t sign_extend(std::uint64_t bits, std::uint64_t width) {
    if (width == 0 || width >= 64) return static_cast<std::int64_t>(bits);
    const std::uint64_t sign = std::uint64_t{1} << (width - 1);
    bits &= (sign << 1) - 1;
    return static_cast<std::int64_t>((bits ^ sign) - sign);
}

std::string escaped(char c) {
    switch (c) {
        case '\n':
            return "\\n";
        case '\t':
            return "\\t";
        case '\r':
            return "\\r";
        case '\0':
            return "\\0";
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) return std::string(1, c);
    constexpr char kDigits[] = "0123456789abcdef";
    return std::string("\\x") + kDigits[byte >> 4] + kDigits[byte & 15];
}

std::string scalar_text(const Type& type, std::uint64_t bits, bool enum_is_signed) {
    const std::uint64_t width = std::min<std::uint64_t>(type.size, 8) * 8;
    switch (type.kind) {
        case TypeKind::kBool:
            return bits == 0 ? "false" : bits == 1 ? "true" : "true (" + std::to_string(bits) + ")";
        case TypeKind::kChar:
            return char_text(type, bits);
        case TypeKind::kSigned:
            return std::to_string(sign_extend(bits, width));
        case TypeKind::kFloat: {
            if (type.size == sizeof(float)) {
                float value;
                std::memcpy(&value, &bits, sizeof value);
                return shortest_text(value);
            }
            double value;
            std::memcpy(&value, &bits, sizeof value);
            return shortest_text(value);
        }
        case TypeKind::kEnum:
            return enum_text(type, enum_is_signed ? sign_extend(bits, width) : static_cast<std::int64_t>(bits));
        default:
            return std::to_string(bits);
    }
}

}  // namespace heddle::symbols
