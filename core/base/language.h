// The languages that Heddle speaks.
#pragma once

#include <cstdint>
#include <string_view>

namespace heddle {

enum class Language : std::uint8_t { kEnglish, kKorean };

constexpr std::string_view code_of(Language language) {
    return language == Language::kKorean ? "ko" : "en";
}

}  // namespace heddle
