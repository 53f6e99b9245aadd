// SharedMappings: which of a process's memory others may have, too, as its calls tell (CallId::kSharedObject). Two processes
// mean the same byte by the same object and offset, at whatever address each has it. Pure; copied with the process at a fork.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/trace/call.h"

namespace heddle::trace {

struct SharedPlace {
    std::uint64_t object = 0;  // a file, a System V segment, or a mapping of none; 0: none
    std::uint64_t offset = 0;
    bool operator==(const SharedPlace&) const = default;
};

// Whose ends may change which memory that is.
constexpr bool maps_memory(CallId call) {
    return call == CallId::kMmap || call == CallId::kShmAttach;
}
constexpr bool changes_mappings(CallId call) {
    return maps_memory(call) || call == CallId::kSharedObject || call == CallId::kMunmap || call == CallId::kShmDetach ||
           call == CallId::kSemOpen;
}

class SharedMappings {
public:
    // The end of a call. told: what its thread said last; used up by the call that it belongs to.
    void on_call(CallId call, std::uint64_t address, std::int64_t result, SharedPlace& told);
    void map(std::uint64_t start, std::uint64_t bytes, SharedPlace place);  // of no object: it is the process's own
    void detach(std::uint64_t start);                                       // a segment, all that is left of it there
    // What was mapped at `start` just now, by calls with these return addresses, innermost first.
    static constexpr std::size_t kMostSites = 4;
    using Sites = std::array<std::uint64_t, kMostSites>;
    void note_calls(std::uint64_t start, const Sites& sites);
    std::optional<SharedPlace> find(std::uint64_t address) const;
    // Where the mapping lies that has this byte.
    struct Extent {
        std::uint64_t start, bytes;
        Sites sites;
    };
    std::optional<Extent> extent_around(std::uint64_t address) const;
    std::vector<std::uint64_t> addresses_of(const SharedPlace& place) const;
    bool empty() const { return mappings_.empty(); }

private:
    struct Mapping {
        std::uint64_t start, end;
        SharedPlace place;
        Sites sites{};
    };
    std::vector<Mapping> mappings_;  // in no order; a few
};

}  // namespace heddle::trace
