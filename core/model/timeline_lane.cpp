#include "core/model/timeline_lane.h"

#include <algorithm>

namespace heddle::model {

void TickBlock::push(std::int32_t time, std::uint32_t event) {
    const std::size_t at = events.size();
    if (at > 0) time = std::max(time, times[at - 1]);
    if (at % kChunk == 0) times.resize(at + kChunk, kNever);
    if (at % (kChunk * kChunk) == 0) lasts.resize(at / kChunk + kChunk, kNever);
    times[at] = time;
    if (at % kChunk == kChunk - 1) lasts[at / kChunk] = time;
    events.push_back(event);
}

void TickBlock::truncate(std::size_t count) {
    const auto whole = [](std::size_t entries) { return (entries + kChunk - 1) / kChunk * kChunk; };
    events.resize(count);
    times.resize(count);
    times.resize(whole(count), kNever);
    lasts.resize(count / kChunk);
    lasts.resize(whole(times.size() / kChunk), kNever);
}

IntervalBlock& Lane::writable_intervals() {
    if (intervals_shared_) intervals_.back() = std::make_shared<IntervalBlock>(*intervals_.back());
    intervals_shared_ = false;
    return *intervals_.back();
}

TickBlock& Lane::writable_ticks() {
    if (ticks_shared_) ticks_.back() = std::make_shared<TickBlock>(*ticks_.back());
    ticks_shared_ = false;
    return *ticks_.back();
}

// Sums up the last group of the last block, if it is whole: its last interval ends at last_end.
void Lane::close_groups(std::int64_t last_end) {
    if (intervals_.empty()) return;
    constexpr std::size_t kGroup = IntervalBlock::kGroup;
    {
        const IntervalBlock& block = *intervals_.back();
        if (block.intervals.size() % kGroup != 0 || block.groups.size() == block.intervals.size() / kGroup) return;
    }
    IntervalBlock& block = writable_intervals();
    const std::size_t first = block.intervals.size() - kGroup;
    IntervalBlock::Group group;
    group.first = block.intervals[first];
    group.stop = last_end;
    std::array<std::pair<std::int32_t, float>, kGroup> by_thread{};
    std::size_t threads = 0;
    for (std::size_t i = first; i < block.intervals.size(); ++i) {
        const std::int64_t end = i + 1 < block.intervals.size() ? block.intervals[i + 1].start : last_end;
        const auto length = static_cast<float>(end - block.intervals[i].start);
        const std::int32_t what = block.intervals[i].what();
        if (info.kind == LaneKind::kThread) {
            if (what >= 0 && what < 5) group.time[static_cast<std::size_t>(what)] += length;
        } else if (what != 0) {
            std::size_t at = 0;
            while (at < threads && by_thread[at].first != what) ++at;
            if (at == threads) by_thread[threads++] = {what, 0.0F};
            by_thread[at].second += length;
        }
    }
    for (std::size_t i = 0; i < threads; ++i) {
        if (by_thread[i].second > group.time[1]) {
            group.time[1] = by_thread[i].second;
            group.dominant = by_thread[i].first;
        }
    }
    block.groups.push_back(group);
}

void Lane::begin(std::int64_t start, std::int32_t what, std::uint8_t cause, std::uint64_t event) {
    const Interval interval{start, static_cast<std::uint32_t>(event), static_cast<std::uint32_t>(what) << 8 | cause};
    if (!intervals_.empty() && !intervals_.back()->intervals.empty()) {
        const Interval& last = intervals_.back()->intervals.back();
        // Of several states at one instant the last one stays, as long as the same event made them: truncation needs the
        // others.
        if (last.start >= start && last.event == interval.event) {
            writable_intervals().intervals.back() = interval;
            return;
        }
    }
    close_groups(start);
    if (intervals_.empty() || intervals_.back()->intervals.size() == IntervalBlock::kBlock) {
        intervals_.push_back(std::make_shared<IntervalBlock>());
        interval_starts_.push_back(start);
        intervals_shared_ = false;
    }
    writable_intervals().intervals.push_back(interval);
}

void Lane::tick(std::int64_t time, std::uint64_t event) {
    constexpr std::uint64_t kMostEvents = std::numeric_limits<std::uint32_t>::max();
    if (ticks_.empty() || ticks_.back()->events.size() == TickBlock::kBlock ||
        static_cast<std::uint64_t>(time - ticks_.back()->first_time) >= TickBlock::kNever ||
        event - ticks_.back()->first_event > kMostEvents) {
        ticks_.push_back(std::make_shared<TickBlock>());
        ticks_.back()->first_time = time;
        ticks_.back()->first_event = event;
        tick_starts_.push_back(time);
        ticks_shared_ = false;
    }
    TickBlock& block = writable_ticks();
    block.push(static_cast<std::int32_t>(time - block.first_time), static_cast<std::uint32_t>(event - block.first_event));
}

void Lane::truncate(std::uint64_t event) {
    while (!intervals_.empty() && intervals_.back()->intervals.front().event >= event) {
        intervals_.pop_back();
        interval_starts_.pop_back();
        intervals_shared_ = true;  // the block before may be in a view, whichever was published
    }
    if (!intervals_.empty() && intervals_.back()->intervals.back().event >= event) {
        IntervalBlock& block = writable_intervals();
        while (block.intervals.back().event >= event) block.intervals.pop_back();
        block.groups.resize(std::min(block.groups.size(), (block.intervals.size() - 1) / IntervalBlock::kGroup));
    } else if (!intervals_.empty()) {
        // The last group's end may have been told by an interval that is gone.
        const std::size_t sure = (intervals_.back()->intervals.size() - 1) / IntervalBlock::kGroup;
        if (intervals_.back()->groups.size() > sure) writable_intervals().groups.resize(sure);
    }
    while (!ticks_.empty() && ticks_.back()->first_event >= event) {
        ticks_.pop_back();
        tick_starts_.pop_back();
        ticks_shared_ = true;
    }
    if (!ticks_.empty() && ticks_.back()->first_event + ticks_.back()->events.back() >= event) {
        TickBlock& block = writable_ticks();
        std::size_t count = block.events.size();
        while (block.first_event + block.events[count - 1] >= event) --count;
        block.truncate(count);
    }
    if (ended_event >= event) {
        ended_event = 0;
        info.ended = {};
    }
}

std::size_t Lane::intervals() const {
    return intervals_.empty() ? 0 : (intervals_.size() - 1) * IntervalBlock::kBlock + intervals_.back()->intervals.size();
}

std::size_t Lane::bytes() const {
    std::size_t bytes = sizeof(Lane);
    for (const auto& block : intervals_)
        bytes += sizeof(*block) + block->intervals.capacity() * sizeof(Interval) +
                 block->groups.capacity() * sizeof(IntervalBlock::Group);
    for (const auto& block : ticks_)
        bytes += sizeof(*block) + block->times.capacity() * sizeof(block->times[0]) +
                 block->lasts.capacity() * sizeof(block->lasts[0]) + block->events.capacity() * sizeof(block->events[0]);
    return bytes;
}

}  // namespace heddle::model
