// What libc keeps for the whole program behind its functions' backs. The libraries inside the program tell where it lies before
// they tell of an access to it, so that Heddle has a name for it. The numbers are part of the arena and file formats: append,
// never renumber.
#pragma once

#include <time.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace heddle::trace {

enum class LibraryState : std::uint8_t { kToken, kDate, kDateText, kEnvironment, kDraws, kCount };

struct LibraryStateName {
    std::string_view name;  // "name.<name>" is its text
    std::uint64_t bytes;
};
inline constexpr std::array<LibraryStateName, static_cast<std::size_t>(LibraryState::kCount)> kLibraryStates = {{
    {"strtok's saved position", sizeof(char*)},
    {"the result of localtime and gmtime", sizeof(tm)},
    {"the result of asctime and ctime", 26},
    {"the environment", sizeof(char**)},
    {"the numbers drawn by rand", sizeof(std::int32_t)},
}};

// Where each lies, as far as it was told; 0: not told.
using LibraryStatePlaces = std::array<std::uint64_t, kLibraryStates.size()>;

// Empty: none of them lies there.
inline std::string_view library_state_at(const LibraryStatePlaces& places, std::uint64_t address) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] != 0 && address - places[i] < kLibraryStates[i].bytes) return kLibraryStates[i].name;
    }
    return {};
}

}  // namespace heddle::trace
