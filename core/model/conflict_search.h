// ConflictSearch: data races, lock orders that may deadlock and the deadlock that happened, found in the events of one run by
// core/race. Fed while the run is recorded or after it; ConflictReport puts what it found into words. Bounded: it looks at the
// first `events` events for races, at all of them for locks. Used by the thread that owns the Observatory; pure.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/race/lock_order.h"
#include "core/race/race_detector.h"
#include "core/race/wait_for.h"
#include "core/trace/event_log.h"

namespace heddle::model {

struct ConflictOptions {
    bool controlled = false;           // one thread ran at a time: the order of events is exact
    std::uint64_t events = 4'000'000;  // searched for races
};

class ConflictSearch {
public:
    explicit ConflictSearch(ConflictOptions options = {});

    // Looks at the events [looked_at(), until).
    void look(const trace::EventLogView& log, std::uint64_t until);
    std::uint64_t looked_at() const { return looked_at_; }
    bool cut_short() const { return looked_at_ > options_.events; }
    const ConflictOptions& options() const { return options_; }

    const std::vector<race::Race>& settled_races() const { return races_.settled_races(); }
    const std::vector<race::Race>& races() { return races_.races(); }            // all of them: the run is over
    const std::vector<race::Race>& misuses() const { return races_.misuses(); }  // of freed heap blocks
    std::vector<race::PotentialDeadlock> lock_circles() const { return order_.find().deadlocks; }

    // A circle of threads that wait for each other for ever, as the log ends; closed by the request that came last.
    struct Deadlock {
        race::WaitCycle cycle;
        std::vector<std::uint64_t> requests;  // of each step: the event that asked for what it waits for
        std::uint64_t closed_by = 0;
    };
    std::vector<Deadlock> deadlocks() const;

private:
    struct Request {  // a call that waits for as long as it takes
        trace::CallId call = trace::CallId::kNone;
        std::uint64_t object = 0, event = 0;
        Nanoseconds time{};
        race::Place place;  // of a lock
    };
    struct Thread {
        Request request;           // kNone: it is in no such call
        std::uint64_t handle = 0;  // pthread_t
        ProcessId process;
    };

    struct SharedMemory;

    void message(const trace::PackedEvent& event);
    void follow(const trace::PackedEvent& event, std::uint64_t index, std::span<const trace::ThreadInfo> threads);
    race::Wait wait_of(std::uint32_t waiter) const;

    ConflictOptions options_;
    std::shared_ptr<SharedMemory> shared_;  // asked by the two below, too
    race::RaceDetector races_;
    race::LockOrder order_;
    std::vector<Thread> threads_;
    std::uint64_t looked_at_ = 0;
    Nanoseconds last_{};  // time of the last event looked at
};

}  // namespace heddle::model
