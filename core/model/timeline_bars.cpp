// Which bars a lane shows of a range of time on so many pixels.
#include <algorithm>

#include "core/model/timeline_columns.h"
#include "core/model/timeline_lane.h"

namespace heddle::model {

// Walks a lane's intervals forward. Keeps the present block's pointers: this is the inner loop of every frame.
class LaneReader {
public:
    LaneReader(const Lane& lane, std::int64_t end) : lane_(lane), end_(end) { enter(0); }

    bool done() const { return block_ == lane_.intervals_.size(); }
    const Interval& interval() const { return data_[at_]; }
    std::int64_t start() const { return start_; }
    std::int64_t stop() const { return at_ + 1 < count_ ? data_[at_ + 1].start : block_stop_; }
    void next() { go(at_ + 1); }
    // To the interval that holds `time`, or the first one.
    void seek(std::int64_t time) {
        const auto after = std::upper_bound(lane_.interval_starts_.begin(), lane_.interval_starts_.end(), time);
        enter(after == lane_.interval_starts_.begin() ? 0
                                                      : static_cast<std::size_t>(after - lane_.interval_starts_.begin()) - 1);
        if (done()) return;
        const Interval* found = std::upper_bound(data_, data_ + count_, time,
                                                 [](std::int64_t t, const Interval& interval) { return t < interval.start; });
        if (found != data_) go(static_cast<std::size_t>(found - data_) - 1);
    }
    std::size_t position() const { return block_ * IntervalBlock::kBlock + at_; }
    // The summed-up group that begins here; null when there is none.
    const IntervalBlock::Group* group() const {
        constexpr std::size_t kGroup = IntervalBlock::kGroup;
        return at_ % kGroup == 0 && at_ / kGroup < groups_ ? group_data_ + at_ / kGroup : nullptr;
    }
    // Past the group that begins here. Its intervals stay unread.
    void pass(const IntervalBlock::Group& group) {
        at_ += IntervalBlock::kGroup;
        start_ = group.stop;
        if (at_ >= count_) enter(block_ + 1);
    }

private:
    void go(std::size_t at) {
        at_ = at;
        if (at_ < count_)
            start_ = data_[at_].start;
        else
            enter(block_ + 1);
    }
    void enter(std::size_t block) {
        block_ = block;
        at_ = 0;
        if (done()) return;
        const IntervalBlock& here = *lane_.intervals_[block];
        data_ = here.intervals.data();
        count_ = here.intervals.size();
        start_ = data_[0].start;
        group_data_ = here.groups.data();
        groups_ = here.groups.size();
        block_stop_ =
            block + 1 < lane_.intervals_.size() ? lane_.interval_starts_[block + 1] : std::max(end_, data_[count_ - 1].start);
    }

    const Lane& lane_;
    std::int64_t end_;
    std::size_t block_ = 0, at_ = 0, count_ = 0, groups_ = 0;
    const Interval* data_ = nullptr;
    const IntervalBlock::Group* group_data_ = nullptr;
    std::int64_t start_ = 0, block_stop_ = 0;
};

namespace {

// Time by thing within one column of pixels.
class Column {
public:
    explicit Column(LaneKind kind) : thread_lane_(kind == LaneKind::kThread) {}

    void clear() {
        std::fill_n(time_.begin(), thread_lane_ ? 5 : 1, 0.0F);
        used_ = 0;
        first_ = {};
        count_ = 0;
    }
    void add(const Interval& interval, float length) {
        note(interval);
        if (interval.what() == 0 && !thread_lane_) return;
        add(interval.what(), length, interval);
    }
    // A part of a group, taken as if its intervals were spread evenly.
    void add(const IntervalBlock::Group& group, float part) {
        note(group.first);
        count_ += IntervalBlock::kGroup - 1;
        if (thread_lane_) {
            for (std::size_t state = 0; state < 5; ++state) time_[state] += group.time[state] * part;
        } else if (group.dominant != 0) {
            add(group.dominant, group.time[1] * part, group.first);
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
    Interval first_;
};

bool drawn(const LaneInfo& info, std::int32_t what) {
    return info.kind == LaneKind::kThread || what != 0;
}

void put(const LaneInfo& info, const Interval& interval, std::int64_t start, std::int64_t stop, std::vector<Bar>& out) {
    if (!drawn(info, interval.what()) || stop <= start) return;
    out.push_back({Nanoseconds(start), Nanoseconds(stop), interval.what(), interval.cause(), false, 1.0F, interval.event});
}

// A group that a column's end cut: the part of it that lies beyond.
struct Cut {
    const IntervalBlock::Group* group = nullptr;
    float part = 0;
};

// What [left, stop) shows, with what the column before left over of a group. Nothing moves by more than `half` a column.
void fill(Column& column, LaneReader& reader, std::int64_t left, std::int64_t stop, std::int64_t half, Cut& cut) {
    column.clear();
    if (cut.group) column.add(*cut.group, cut.part);
    cut.group = nullptr;
    while (!reader.done() && reader.start() < stop) {
        const std::int64_t start = reader.start();
        if (const auto* group = start >= left ? reader.group() : nullptr;
            group && (group->stop <= stop || group->stop - start <= half)) {
            const bool whole = group->stop <= stop;
            const float part = whole ? 1.0F : static_cast<float>(stop - start) / static_cast<float>(group->stop - start);
            column.add(*group, part);
            reader.pass(*group);
            if (whole) continue;
            cut = {group, 1 - part};
            return;
        }
        const std::int64_t begin = std::max(start, left), until = std::min(reader.stop(), stop);
        if (until > begin || start >= left) column.add(reader.interval(), static_cast<float>(until - begin));
        if (reader.stop() > stop) return;
        reader.next();
    }
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
    const Columns columns(from, to, pixels);
    Column column(info.kind);
    Cut cut;
    for (std::int64_t pixel = 0; pixel < pixels && (!reader.done() || cut.group);) {
        const std::int64_t left = columns.start(pixel);
        const std::int64_t right = std::max(columns.start(pixel + 1), left + 1);
        if (left >= last) break;
        if (!cut.group && reader.start() <= left && reader.stop() >= right) {  // one interval fills this column, and maybe more
            const std::int64_t stop = std::min(reader.stop(), last);
            const std::int64_t beyond = stop >= to ? pixels : std::clamp<std::int64_t>(columns.of(stop), pixel + 1, pixels);
            const std::int64_t upto = beyond == pixels ? last : std::min(columns.start(beyond), last);
            put(info, reader.interval(), left, std::max(upto, left), out);
            pixel = beyond;
            while (!reader.done() && reader.stop() <= upto) reader.next();
            continue;
        }
        const std::int64_t stop = std::min(right, last);
        fill(column, reader, left, stop, (right - left) / 2, cut);
        float coverage = 1.0F;
        const std::int32_t what = column.dominant(static_cast<float>(right - left), coverage);
        if (column.count() > 0 && drawn(info, what)) {
            const bool merged = column.count() > 1;
            const std::int64_t start = merged ? left : std::max(left, column.first().start);
            out.push_back({Nanoseconds(start), Nanoseconds(merged ? right : std::max(stop, start + 1)), what,
                           column.first().cause(), merged, merged ? coverage : 1.0F, column.first().event});
        }
        ++pixel;
    }
}

}  // namespace heddle::model
