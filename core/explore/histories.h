// What the steps so far did to each object that several threads use: a part of memory, a lock, a condition variable. By key,
// and for memory by address: bytes that are always used as a whole are one object. Belongs to one Causality; reused from
// execution to execution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/explore/journal.h"

namespace heddle::explore {

// The last step of each role by each thread on one object.
struct History {
    static constexpr std::uint32_t kNone = UINT32_MAX;
    static constexpr unsigned kRoles = 4;
    std::uint32_t stamp = 0;
    std::vector<std::uint32_t> last;               // [thread * kRoles + role]
    JournaledList<std::uint32_t> arrivals, posts;  // steps, in order
    std::uint32_t acquired = 0;
};

class Histories {
public:
    // All are empty: another execution, of so many threads.
    void begin(std::uint32_t threads);
    // Of any object but memory. Keys are odd.
    History& of(std::uint64_t key);
    History* known(std::uint64_t key);  // null: nothing was done to it in any execution
    // Calls `visit` with that of each part of this granule that was used in any execution.
    template <typename Visit>
    void for_each_known_part(std::uint64_t granule, Visit visit) {
        const auto parts = parts_.find(granule);
        if (parts == parts_.end()) return;
        for (const Part& part : parts->second) visit(of(part.key));
    }
    // Of the parts of memory that these bytes lie in; 16 bytes lie in three granules at most.
    struct Locations {
        History* histories[3];
        std::size_t count = 0;
    };
    Locations at(std::uint64_t address, std::uint64_t bytes);
    // Since the last call: accesses overlapped that had been taken for different parts of memory.
    bool found_overlap() { return std::exchange(overlap_, false); }

private:
    void refresh(History& history);
    Locations find(std::uint64_t address, std::uint64_t bytes);

    std::uint32_t threads_ = 0, stamp_ = 0;
    std::deque<History> histories_;  // which stay where they are
    std::unordered_map<std::uint64_t, std::uint32_t> index_;
    // Byte ranges of memory that are used as one: by granule.
    struct Part {
        std::uint8_t from, to;
        std::uint64_t key;
    };
    std::unordered_map<std::uint64_t, std::vector<Part>> parts_;
    // The same as last time, mostly.
    struct CachedLocations {
        std::uint64_t address = 0, bytes = 0;
        Locations locations;
    };
    static constexpr std::size_t kCachedLocations = 64;
    CachedLocations cached_[kCachedLocations];
    bool overlap_ = false;
};

}  // namespace heddle::explore
