// VectorClock and Epoch: who knew of how much of whom. Clocks are indexed by trace::ThreadIndex, which is dense. A thread's own
// component counts its releases: everything it did between two of them has one epoch (FastTrack: Flanagan and Freund, PLDI
// 2009). Values without locks, used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace heddle::race {

// "Thread `thread`, between its releases clock - 1 and clock."
struct Epoch {
    std::uint32_t thread = 0;
    std::uint32_t clock = 0;  // 0: before anything
    bool operator==(const Epoch&) const = default;
};

class VectorClock {
public:
    std::uint32_t of(std::uint32_t thread) const { return thread < clocks_.size() ? clocks_[thread] : 0; }
    bool covers(Epoch epoch) const { return of(epoch.thread) >= epoch.clock; }  // epoch happens before the owner's present
    bool covers(const VectorClock& other) const;
    void raise(Epoch epoch);  // to at least this
    void tick(std::uint32_t thread);
    bool join(const VectorClock& other);  // component by component the later; true when that changed anything
    void clear() { clocks_.clear(); }
    bool empty() const { return clocks_.empty(); }

private:
    std::vector<std::uint32_t> clocks_;  // those beyond the end are 0
};

// A clock as it was published once; null releases nothing.
using ClockRef = std::shared_ptr<const VectorClock>;

}  // namespace heddle::race
