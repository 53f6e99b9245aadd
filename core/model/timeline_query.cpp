// Lane's questions: what a range of time shows on so many pixels.
#include <algorithm>
#include <cmath>

#include "core/model/timeline_lane.h"

namespace heddle::model {

// Walks a lane's intervals forward.
class LaneReader {
public:
    LaneReader(const Lane& lane, std::int64_t end) : lane_(lane), end_(end) {}

    bool done() const { return block_ == lane_.intervals_.size(); }
    const Interval& interval() const { return block().intervals[at_]; }
    std::int64_t start() const { return interval().start; }
    std::int64_t stop() const {
        if (at_ + 1 < block().intervals.size()) return block().intervals[at_ + 1].start;
        if (block_ + 1 < lane_.intervals_.size()) return lane_.interval_starts_[block_ + 1];
        return std::max(end_, start());
    }
    void next() {
        if (++at_ == block().intervals.size()) {
            ++block_;
            at_ = 0;
        }
    }
    // To the interval that holds `time`, or the first one.
    void seek(std::int64_t time) {
        const auto after = std::upper_bound(lane_.interval_starts_.begin(), lane_.interval_starts_.end(), time);
        block_ =
            after == lane_.interval_starts_.begin() ? 0 : static_cast<std::size_t>(after - lane_.interval_starts_.begin()) - 1;
        at_ = 0;
        if (done()) return;
        const auto& intervals = block().intervals;
        const auto next = std::upper_bound(intervals.begin(), intervals.end(), time,
                                           [](std::int64_t t, const Interval& interval) { return t < interval.start; });
        if (next != intervals.begin()) at_ = static_cast<std::size_t>(next - intervals.begin()) - 1;
    }
    std::size_t position() const { return block_ * IntervalBlock::kBlock + at_; }
    // The summed-up group that begins here, and the time it lasts to; null when there is none.
    const IntervalBlock::Group* group(std::int64_t& stops) const {
        constexpr std::size_t kGroup = IntervalBlock::kGroup;
        if (at_ % kGroup != 0 || at_ / kGroup >= block().groups.size()) return nullptr;
        const std::size_t next = at_ + kGroup;
        if (next < block().intervals.size()) {
            stops = block().intervals[next].start;
        } else if (block_ + 1 < lane_.intervals_.size()) {
            stops = lane_.interval_starts_[block_ + 1];
        } else {
            return nullptr;
        }
        return &block().groups[at_ / kGroup];
    }
    void next_group() {
        at_ += IntervalBlock::kGroup;
        if (at_ == block().intervals.size()) {
            ++block_;
            at_ = 0;
        }
    }

private:
    const IntervalBlock& block() const { return *lane_.intervals_[block_]; }
    const Lane& lane_;
    std::int64_t end_;
    std::size_t block_ = 0, at_ = 0;
};

namespace {

// Time by thing within one column of pixels.
class Column {
public:
    explicit Column(LaneKind kind) : thread_lane_(kind == LaneKind::kThread) {}

    void clear() {
        time_ = {};
        used_ = 0;
        covered_ = 0;
        first_ = {};
        count_ = 0;
    }
    void add(const Interval& interval, float length) {
        note(interval);
        if (interval.what() == 0 && !thread_lane_) return;
        add(interval.what(), length, interval);
    }
    void add(const IntervalBlock::Group& group, const Interval& first) {
        note(first);
        count_ += IntervalBlock::kGroup - 1;
        if (thread_lane_) {
            for (std::size_t state = 0; state < 5; ++state) time_[state] += group.time[state];
        } else if (group.dominant != 0) {
            add(group.dominant, group.time[1], first);
            covered_ += group.time[2] - group.time[1];
        }
    }
    std::size_t count() const { return count_; }
    const Interval& first() const { return first_; }

    // The thing with most time; coverage: its part of all there is to cover.
    std::int32_t dominant(float width, float& coverage) const {
        std::size_t best = 0;
        const std::size_t candidates = thread_lane_ ? 5 : used_;
        for (std::size_t i = 1; i < candidates; ++i)
            if (time_[i] > time_[best]) best = i;
        coverage = width > 0 ? std::clamp(time_[best] / width, 0.0F, 1.0F) : 1.0F;
        return thread_lane_ ? static_cast<std::int32_t>(best) : used_ ? who_[best] : 0;
    }

private:
    void note(const Interval& interval) {
        if (count_++ == 0) first_ = interval;
    }
    void add(std::int32_t what, float length, const Interval&) {
        if (thread_lane_) {
            if (what >= 0 && what < 5) time_[static_cast<std::size_t>(what)] += length;
            return;
        }
        covered_ += length;
        std::size_t at = 0;
        while (at < used_ && who_[at] != what) ++at;
        if (at == used_) {
            if (used_ == who_.size()) return;
            who_[used_] = what;
            time_[used_++] = 0;
        }
        time_[at] += length;
    }

    static constexpr std::size_t kMost = 64;  // different threads within one pixel
    bool thread_lane_;
    std::array<float, kMost> time_{};
    std::array<std::int32_t, kMost> who_{};
    std::size_t used_ = 0, count_ = 0;
    float covered_ = 0;
    Interval first_;
};

std::int64_t column_start(std::int64_t from, std::int64_t to, int pixels, std::int64_t column) {
    return from + static_cast<std::int64_t>(static_cast<double>(to - from) * static_cast<double>(column) / pixels);
}

bool drawn(const LaneInfo& info, std::int32_t what) {
    return info.kind == LaneKind::kThread || what != 0;
}

void put(const LaneInfo& info, const Interval& interval, std::int64_t start, std::int64_t stop, std::vector<Bar>& out) {
    if (!drawn(info, interval.what()) || stop <= start) return;
    out.push_back({Nanoseconds(start), Nanoseconds(stop), interval.what(), interval.cause(), false, 1.0F, interval.event});
}

}  // namespace

// Exact while no more intervals than pixels are in sight. Else pixel by pixel: an interval that fills whole columns is drawn as
// it is; the columns between are merged, each into one bar of what covers most of it.
void Lane::bars(std::int64_t from, std::int64_t to, int pixels, std::int64_t end, std::vector<Bar>& out) const {
    out.clear();
    if (intervals_.empty() || to <= from || pixels <= 0) return;
    if (info.kind == LaneKind::kThread && info.ended.count() > 0) end = info.ended.count();
    const std::int64_t last = std::min(to, end);
    LaneReader reader(*this, end);
    reader.seek(from);
    LaneReader behind(*this, end);
    behind.seek(to);
    if (behind.position() - reader.position() < static_cast<std::size_t>(pixels)) {
        for (; !reader.done() && reader.start() < last; reader.next())
            put(info, reader.interval(), std::max(reader.start(), from), std::min(reader.stop(), last), out);
        return;
    }
    Column column(info.kind);
    for (std::int64_t pixel = 0; pixel < pixels && !reader.done();) {
        const std::int64_t left = std::max(column_start(from, to, pixels, pixel), from);
        const std::int64_t right = std::max(column_start(from, to, pixels, pixel + 1), left + 1);
        if (left >= last) break;
        if (reader.start() <= left && reader.stop() >= right) {  // one interval fills this column, and maybe more
            const std::int64_t stop = std::min(reader.stop(), last);
            std::int64_t beyond =
                static_cast<std::int64_t>(static_cast<double>(stop - from) * pixels / static_cast<double>(to - from));
            while (beyond > pixel + 1 && column_start(from, to, pixels, beyond) > stop) --beyond;
            beyond = std::clamp<std::int64_t>(beyond, pixel + 1, pixels);
            const std::int64_t upto = beyond == pixels ? last : std::min(column_start(from, to, pixels, beyond), last);
            put(info, reader.interval(), left, std::max(upto, left), out);
            pixel = beyond;
            while (!reader.done() && reader.stop() <= upto) reader.next();
            continue;
        }
        column.clear();
        const std::int64_t stop = std::min(right, last);
        while (!reader.done() && reader.start() < stop) {
            std::int64_t group_stop = 0;
            if (const auto* group = reader.start() >= left ? reader.group(group_stop) : nullptr; group && group_stop <= stop) {
                column.add(*group, reader.interval());
                reader.next_group();
                continue;
            }
            const std::int64_t begin = std::max(reader.start(), left);
            const std::int64_t until = std::min(reader.stop(), stop);
            if (until > begin || reader.start() >= left) column.add(reader.interval(), static_cast<float>(until - begin));
            if (reader.stop() > stop) break;
            reader.next();
        }
        const std::int64_t began =
            std::max(left, std::min(left + (right - left), column.count() ? std::max(left, column.first().start) : left));
        float coverage = 1.0F;
        const std::int32_t what = column.dominant(static_cast<float>(right - left), coverage);
        if (column.count() > 0 && drawn(info, what)) {
            const bool merged = column.count() > 1;
            out.push_back({Nanoseconds(merged ? left : began), Nanoseconds(merged ? right : stop), what, column.first().cause(),
                           merged, merged ? coverage : 1.0F, column.first().event});
        }
        ++pixel;
    }
}

void Lane::ticks(std::int64_t from, std::int64_t to, int pixels, std::vector<Tick>& out) const {
    out.clear();
    if (ticks_.empty() || to <= from || pixels <= 0) return;
    const auto after = std::upper_bound(tick_starts_.begin(), tick_starts_.end(), from);
    std::size_t block = after == tick_starts_.begin() ? 0 : static_cast<std::size_t>(after - tick_starts_.begin()) - 1;
    std::size_t at = 0;
    // The first tick at or after `time`, from (block, at) on: doubling steps, then halving.
    const auto advance = [&](std::int64_t time) {
        while (block + 1 < ticks_.size() && tick_starts_[block + 1] < time) {
            ++block;
            at = 0;
        }
        const TickBlock& here = *ticks_[block];
        const std::int64_t offset = time - here.first_time;
        std::size_t step = 1, low = at;
        while (low + step < here.entries.size() && here.entries[low + step].time < offset) {
            low += step;
            step *= 2;
        }
        const auto begin = here.entries.begin() + static_cast<std::ptrdiff_t>(low);
        const auto end = here.entries.begin() + static_cast<std::ptrdiff_t>(std::min(low + step + 1, here.entries.size()));
        at = static_cast<std::size_t>(
            std::lower_bound(begin, end, offset, [](const TickBlock::Entry& entry, std::int64_t t) { return entry.time < t; }) -
            here.entries.begin());
        if (at == here.entries.size()) {
            ++block;
            at = 0;
        }
    };
    advance(from);
    while (block < ticks_.size()) {
        const TickBlock& here = *ticks_[block];
        const std::int64_t time = here.first_time + here.entries[at].time;
        if (time >= to) return;
        auto pixel = static_cast<std::int64_t>(static_cast<double>(time - from) * pixels / static_cast<double>(to - from));
        while (pixel + 1 < pixels && column_start(from, to, pixels, pixel + 1) <= time) ++pixel;
        const std::int64_t right = pixel + 1 >= pixels ? to : std::max(column_start(from, to, pixels, pixel + 1), time + 1);
        const std::uint64_t event = here.first_event + here.entries[at].event;
        const std::size_t block_before = block, at_before = at;
        advance(right);
        std::size_t count = at - (block == block_before ? at_before : 0);
        if (block != block_before) {
            count = ticks_[block_before]->entries.size() - at_before + at;
            for (std::size_t between = block_before + 1; between < block; ++between) count += ticks_[between]->entries.size();
        }
        out.push_back({Nanoseconds(time), static_cast<std::uint32_t>(count), event});
    }
}

}  // namespace heddle::model
