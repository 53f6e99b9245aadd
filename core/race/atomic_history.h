// AtomicHistory: what was stored in one atomic variable lately, and which clock an acquire load of each value takes over.
//
// A load is matched to the store that wrote the value it read, latest first, because two operations of two threads may stand in
// the log the other way round: the runtime stamps a store before it happens and a load or read-modify-write after, which another
// thread may have seen by then. A thread that has seen a store sees none from
// before it (coherence, C++20 [intro.races]). What a read-modify-write found is not looked at; it is taken to follow the entry
// before it, and may follow a store that is stamped a little later as well. Limits: where several stores wrote the same value
// the latest is taken; a read-modify-write whose thread was stopped between the operation and its stamp is entered too late.
// Under Step and Explore the order is exact.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/race/vector_clock.h"

namespace heddle::race {

class AtomicHistory {
public:
    static constexpr std::size_t kKept = 8;  // stores that a load may still find

    enum class Origin : std::uint8_t {
        kStore,    // a store of the log wrote it
        kGuessed,  // it is taken to have been there from the beginning
        kInitial,  // it was there from the beginning
        kLearned,  // a load found it unseen before
        kUnseen,   // code without hooks wrote it, or a store that is not in the log yet
    };
    struct Found {
        Origin origin;
        ClockRef released;  // null: that store releases nothing
    };

    // A thread's operation that may turn out to have followed a store not in the log yet: an update, or a load of that value.
    struct Follower {
        std::uint32_t thread = 0;
        bool acquires = false;  // false: relaxed, it takes effect at the thread's next acquire fence
        bool update = false;
        std::uint64_t value = 0;
        std::int64_t time = 0;
    };

    Found load(std::uint32_t thread, std::uint64_t value);
    void store(std::uint32_t thread, std::uint64_t value, ClockRef released);
    // A load found an unseen store; from now on its value is known, with what that load was made to take over.
    void learn(std::uint32_t thread, std::uint64_t value, ClockRef released);
    bool stored_by_hooks() const { return stored_; }  // some store of it was seen
    void follow(const Follower& follower) { followers_[next_follower_++ % followers_.size()] = follower; }
    // Calls visit for those of other threads that may have followed this store; stamped at `since` or later.
    template <class Visit>
    void for_each_follower(std::uint32_t storer, std::uint64_t value, std::int64_t since, Visit visit) const {
        for (const Follower& each : followers_)
            if (each.time != 0 && each.time >= since && each.thread != storer && (each.update || each.value == value))
                visit(each);
    }
    ClockRef latest() const { return stores_.empty() ? nullptr : stores_.back().released; }

private:
    struct Store {
        std::uint64_t value;
        ClockRef released;
        bool learned;
    };
    struct Seen {
        std::uint32_t thread;
        std::uint64_t store;  // number of the latest that it wrote or read
    };
    static constexpr std::size_t kMostSeen = 16;
    std::uint64_t& latest_seen_by(std::uint32_t thread);

    std::vector<Store> stores_;    // oldest first
    std::uint64_t forgotten_ = 0;  // stores before those: the first is number forgotten_ + 1
    std::vector<Seen> seen_;       // by the threads that used it lately
    std::array<Follower, 4> followers_{};
    std::size_t next_follower_ = 0;
    std::uint64_t initial_ = 0;
    bool initial_known_ = false, stored_ = false;
};

}  // namespace heddle::race
