// What one lane of the timeline keeps: intervals (each lasts until the next one) and ticks, in blocks that finished views share
// with the builder. Appending and truncating happen on the builder's thread; a copy of a Lane is immutable and read by any
// thread. Groups of 8 intervals carry the time each thing takes in them, so that zoomed-out queries add groups and leave
// the intervals unread.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "core/model/timeline.h"

namespace heddle::model {

struct Interval {
    std::int64_t start = 0;
    std::uint32_t event = 0;   // that began it; 4 billion events are the limit of a timeline
    std::uint32_t packed = 0;  // what << 8 | cause
    std::int32_t what() const { return static_cast<std::int32_t>(packed >> 8); }
    std::uint8_t cause() const { return static_cast<std::uint8_t>(packed); }
};

// Blocks of at most kBlock entries. The last block is copied before it is written when a view shares it.
struct IntervalBlock {
    static constexpr std::size_t kBlock = 1024, kGroup = 8;
    // Of kGroup intervals: time by state in a thread's lane; in a cpu's lane the time of the thread with most [1].
    struct Group {
        Interval first;
        std::int64_t stop = 0;
        std::array<float, 5> time{};
        std::int32_t dominant = 0;
    };
    std::vector<Interval> intervals;
    std::vector<Group> groups;  // of whole groups whose last interval's end is known
};

// Times and events after the block's first, each in an array of its own: a pixel's ticks are counted by comparing kChunk times
// at once. `times` and `lasts` are filled up with kNever to whole chunks.
struct TickBlock {
    static constexpr std::size_t kBlock = 1024, kChunk = 16;
    static constexpr std::int32_t kNever = std::numeric_limits<std::int32_t>::max();
    std::int64_t first_time = 0;
    std::uint64_t first_event = 0;
    std::vector<std::int32_t> times;
    std::vector<std::int32_t> lasts;  // the last time of each chunk that is full
    std::vector<std::uint32_t> events;

    void push(std::int32_t time, std::uint32_t event);  // a time before the last one counts as that
    void truncate(std::size_t count);
};

class Lane {
public:
    LaneInfo info;
    std::uint64_t born_event = 0, ended_event = 0;

    void begin(std::int64_t start, std::int32_t what, std::uint8_t cause, std::uint64_t event);
    void tick(std::int64_t time, std::uint64_t event);
    void truncate(std::uint64_t event);                           // forgets what events at or after this index said
    void publish() { intervals_shared_ = ticks_shared_ = true; }  // the blocks so far are in a view now

    // As TimelineView's; end: of the run, where the last interval of a living thread ends.
    void bars(std::int64_t from, std::int64_t to, int pixels, std::int64_t end, std::vector<Bar>& out) const;
    void ticks(std::int64_t from, std::int64_t to, int pixels, std::vector<Tick>& out) const;

    std::size_t intervals() const;
    std::size_t bytes() const;

private:
    friend class LaneReader;
    void close_groups(std::int64_t last_end);
    IntervalBlock& writable_intervals();
    TickBlock& writable_ticks();

    std::vector<std::shared_ptr<IntervalBlock>> intervals_;
    std::vector<std::int64_t> interval_starts_;  // of each block
    std::vector<std::shared_ptr<TickBlock>> ticks_;
    std::vector<std::int64_t> tick_starts_;
    bool intervals_shared_ = false, ticks_shared_ = false;  // the last block is
};

}  // namespace heddle::model
