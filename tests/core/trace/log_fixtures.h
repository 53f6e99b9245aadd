// Events and logs written down in few words, for the tests of everything that reads a log.
#pragma once

#include <string_view>
#include <vector>

#include "core/trace/event_log.h"

namespace heddle::trace {

inline PackedEvent packed(std::int64_t time, Kind kind, std::uint8_t detail = 0, std::uint64_t address = 0,
                          std::uint64_t value = 0, std::uint32_t thread = 0, std::uint32_t extra = 0, std::uint64_t pc = 0) {
    return {time, address, value, make_tail(kind, detail, pc), thread, extra};
}

inline PackedEvent numbered(std::int64_t time, std::uint64_t number) {
    return packed(time, Kind::kWrite, 2, number);
}

inline std::vector<std::uint64_t> numbers(const EventLogView& view) {
    std::vector<std::uint64_t> result;
    for (std::uint64_t i = 0; i < view.size(); ++i) result.push_back(view.packed(i).address);
    return result;
}

}  // namespace heddle::trace
