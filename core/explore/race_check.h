// Data races of one execution, by happens-before: two accesses of different threads to the same bytes, at least one of them a
// write and at least one not atomic, that nothing orders (C++20, [intro.races]). Unlike core/race, which watches a whole run
// event by event, this sees the steps of one explored execution, which come in their true order. Belongs to one search.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/explore/execution.h"
#include "core/explore/journal.h"

namespace heddle::explore {

struct DataRace {
    std::uint32_t first = 0, second = 0;  // steps
};

class RaceCheck {
public:
    // The first race of the execution that was not reported before (by the two places in the code). known: so many steps are
    // the same as those of the execution before.
    std::optional<DataRace> find(const Execution& execution, std::uint32_t known = 0);
    // Leaves an execution out.
    void pass(std::uint32_t known) { journal_.back_to(known); }

private:
    using Clock = std::vector<std::uint32_t>;
    struct Seen {
        std::uint32_t step;
        std::uint8_t thread;
    };
    void begin(std::uint32_t threads);
    std::optional<DataRace> look_at(std::uint32_t step);
    bool is_new(std::uint64_t a, std::uint64_t b);
    std::optional<DataRace> access(std::uint32_t step);
    void synchronize(std::uint32_t step);
    void atomic(const Operation& operation, std::uint32_t thread);
    void plain_write(const Operation& operation);
    void join(Clock& into, const Clock& other);
    void become(Clock& clock, const Clock& other);
    Clock& object(std::uint64_t key);

    std::span<const Step> steps_;
    std::uint32_t threads_ = 0;
    Journal journal_;                             // of the steps that were looked at, without a race to report
    std::vector<Clock> clocks_;                   // of each thread
    std::vector<Clock> at_fence_, seen_relaxed_;  // what a release fence covers; what an acquire fence would take in
    std::vector<std::uint32_t> ordinal_;          // of each step in its thread
    // Kept for their room; what was begun earlier has another stamp.
    struct Object {
        Clock clock;
        std::uint32_t stamp = 0;
    };
    // Of an atomic object: what each of its stores carries to who acquires it.
    struct Stores {
        JournaledList<Clock> carried;
        std::uint32_t stamp = 0;
    };
    // What is on its way through a channel, first come first served, and what its end carries.
    struct Sent {
        std::uint32_t bytes;  // not taken yet
        Clock clock;
    };
    struct Channel {
        JournaledList<Sent> sent;
        Clock closed;
        std::uint32_t taken = 0;  // so many of those sent, as a whole
        std::uint32_t stamp = 0;
    };
    Channel& channel(std::uint64_t way);
    void pass_bytes(const Operation& operation, std::uint32_t thread);
    struct Granule {
        JournaledList<Seen> seen;
        std::uint32_t stamp = 0;
    };
    Clock& add(Stores& stores);
    std::unordered_map<std::uint64_t, Object> objects_;
    std::unordered_map<std::uint64_t, Stores> stores_;
    std::unordered_map<std::uint64_t, Channel> channels_;
    std::unordered_map<std::uint64_t, Granule> granules_;
    std::uint32_t stamp_ = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> reported_;
};

}  // namespace heddle::explore
