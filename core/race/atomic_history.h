// AtomicHistory: what was stored in one atomic variable lately, and which clock an acquire load of each value takes over.
//
// A load is matched to the store that wrote the value it read, latest first, because two operations of two threads may stand in
// the log the other way round: the runtime stamps a store before it happens and a load or read-modify-write after. What a
// read-modify-write found is not recorded; it is taken to follow the entry before it. Limits: where several stores wrote the
// same value the latest is taken; a read-modify-write whose thread was stopped between the operation and its stamp is entered
// too late. Under Step and Explore the order is exact.
#pragma once

#include <cstdint>
#include <vector>

#include "core/race/vector_clock.h"

namespace heddle::race {

class AtomicHistory {
public:
    static constexpr std::size_t kKept = 8;  // stores that a load may still find

    enum class Origin : std::uint8_t {
        kStore,    // a store of the log wrote it
        kInitial,  // it was there from the beginning
        kUnseen,   // code without hooks wrote it, or a store that is not in the log yet
    };
    struct Found {
        Origin origin;
        ClockRef released;  // null: that store releases nothing
    };

    Found load(std::uint64_t value);
    void store(std::uint64_t value, ClockRef released);
    ClockRef latest() const { return stores_.empty() ? nullptr : stores_.back().released; }

private:
    struct Store {
        std::uint64_t value;
        ClockRef released;
    };
    std::vector<Store> stores_;  // oldest first
    std::uint64_t initial_ = 0;
    bool initial_known_ = false, forgot_some_ = false;
};

}  // namespace heddle::race
