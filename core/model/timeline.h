// TimelineView: the run as lanes of intervals, indexed so that any range at any zoom is read in time proportional to the
// pixels, never to the events. Built incrementally by TimelineBuilder on the session's thread; a view is immutable and shared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace heddle::model {

enum class LaneKind : std::uint8_t { kThread, kCpu };

struct LaneInfo {
    LaneKind kind = LaneKind::kThread;
    std::int32_t id = 0;          // thread's Number, or the cpu
    std::int32_t process = 0;     // process Number of a thread's lane
    Nanoseconds born{}, ended{};  // a thread's life; ended 0 while it lives
};

// A drawn piece of a lane. what: ThreadState of a thread's lane, the thread's Number of a cpu's lane. Where several intervals
// fell into one pixel, what is the one that covers most of it and merged is true; coverage is its part, 0…1, of [start, end).
struct Bar {
    Nanoseconds start, end;
    std::int32_t what = 0;
    std::uint8_t cause = 0;  // model::Cause of the interval's beginning
    bool merged = false;
    float coverage = 1.0F;
    std::uint64_t event = 0;  // index of the event that began it
};

// Hook events of a thread's lane: count of events that start in [start, end), one tick per pixel at most.
struct Tick {
    Nanoseconds time;
    std::uint32_t count = 1;
    std::uint64_t event = 0;  // the first of them
};

struct WakeArrow {
    Nanoseconds time;
    std::int32_t from = 0, to = 0;  // thread Numbers; from 0: an interrupt or a thread outside of the lab
    std::uint64_t event = 0;
};

class TimelineView {
public:
    virtual ~TimelineView() = default;
    virtual const std::vector<LaneInfo>& lanes() const = 0;  // threads by number, then cpus
    virtual Nanoseconds start() const = 0;
    virtual Nanoseconds end() const = 0;
    // Fills `out` (cleared first) with what lane `lane` shows of [from, to) on `pixels` pixels, ascending, at most 2 × pixels
    // entries.
    virtual void bars(std::size_t lane, Nanoseconds from, Nanoseconds to, int pixels, std::vector<Bar>& out) const = 0;
    virtual void ticks(std::size_t lane, Nanoseconds from, Nanoseconds to, int pixels, std::vector<Tick>& out) const = 0;
    // At most `most` arrows, evenly thinned when there are more.
    virtual void wake_arrows(Nanoseconds from, Nanoseconds to, std::size_t most, std::vector<WakeArrow>& out) const = 0;
};

}  // namespace heddle::model
