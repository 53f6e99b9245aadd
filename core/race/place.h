// Place: where a byte really is, for everybody who can reach it. Two processes' equal addresses are two places, unless the
// memory is shared. Used as the key of shadow memory and of synchronization objects.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/ids.h"

namespace heddle::race {

struct Place {
    std::uint32_t space = 0;  // kSharedSpace, or a number that no other process's memory has (exec makes a new one)
    std::uint64_t address = 0;
    auto operator<=>(const Place&) const = default;
};
inline constexpr std::uint32_t kSharedSpace = 0;

// Asked about an address of a process: nothing when the memory is its own; else the address by which all processes that map it
// are to know it (the same one where they inherited the mapping by fork). Answers for the time of the event being added.
using SharedMemory = std::function<std::optional<std::uint64_t>(ProcessId process, std::uint64_t address)>;

}  // namespace heddle::race
