// Strong ids: a ProcessId is never mistaken for a ThreadId or an int. Values, comparable and hashable.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace heddle {

template <class Tag, class Rep>
struct StrongId {
    Rep value{};
    constexpr StrongId() = default;
    constexpr explicit StrongId(Rep v) : value(v) {}
    constexpr auto operator<=>(const StrongId&) const = default;
};

using ProcessId = StrongId<struct ProcessIdTag, std::int32_t>;  // the kernel's tgid
using ThreadId = StrongId<struct ThreadIdTag, std::int32_t>;    // the kernel's tid; 0 is "no thread"
using CpuId = StrongId<struct CpuIdTag, std::int32_t>;          // -1 is "unknown"
using Address = StrongId<struct AddressTag, std::uint64_t>;     // in the observed process's address space

// Position of an event in an EventLog; the playhead's unit. The state "at" index n has folded the events [0, n).
using EventIndex = StrongId<struct EventIndexTag, std::uint64_t>;

inline constexpr CpuId kNoCpu{-1};

}  // namespace heddle

template <class Tag, class Rep>
struct std::hash<heddle::StrongId<Tag, Rep>> {
    std::size_t operator()(heddle::StrongId<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
