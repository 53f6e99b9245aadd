// Which ticks a lane shows of a range of time on so many pixels.
#include <algorithm>
#include <cstring>
#include <limits>

#include "core/model/timeline_columns.h"
#include "core/model/timeline_lane.h"

namespace heddle::model {
namespace {

constexpr std::size_t kChunk = TickBlock::kChunk;

using FourTimes = std::int32_t __attribute__((vector_size(16)));

FourTimes four_times(const std::int32_t* from) {
    FourTimes times;
    std::memcpy(&times, from, sizeof times);
    return times;
}

// How many times of a chunk lie before `time`: without branches, for where a pixel ends is not to be predicted. In vectors by
// hand, as GCC 12 makes none of a loop at -O2.
std::size_t count_before(const std::int32_t* chunk, std::int32_t time) {
    static_assert(kChunk == 16);
    const FourTimes before = (four_times(chunk) < time) + (four_times(chunk + 4) < time) + (four_times(chunk + 8) < time) +
                             (four_times(chunk + 12) < time);  // less 1 for each
    return static_cast<std::size_t>(-(before[0] + before[1] + before[2] + before[3]));
}

// Walks a lane's ticks forward.
class TickReader {
public:
    TickReader(const std::vector<std::shared_ptr<TickBlock>>& blocks, const std::vector<std::int64_t>& starts)
        : blocks_(blocks), starts_(starts) {
        enter(0);
    }
    bool done() const { return block_ == blocks_.size(); }
    std::int64_t time() const { return first_time_ + times_[at_]; }
    std::uint64_t event() const { return first_event_ + events_[at_]; }
    std::uint64_t passed() const { return passed_ + at_; }

    // To the first tick at or after `time`, which is not before the last call's: by chunks of chunks, chunks, ticks.
    void advance(std::int64_t time) {
        while (next_start_ < time) enter_next();
        const auto offset = static_cast<std::int32_t>(std::min<std::int64_t>(time - first_time_, TickBlock::kNever));
        std::size_t chunk = at_ / kChunk;
        if (lasts_[chunk] < offset) {
            chunk = chunk / kChunk * kChunk;
            while (chunk + kChunk < chunks_ && lasts_[chunk + kChunk - 1] < offset) chunk += kChunk;
            chunk += count_before(lasts_ + chunk, offset);
        }
        at_ = chunk * kChunk;
        if (at_ < count_) at_ += count_before(times_ + at_, offset);
        if (at_ == count_) enter_next();
    }

private:
    void enter_next() {
        passed_ += count_;
        enter(block_ + 1);
    }
    void enter(std::size_t block) {
        block_ = block;
        at_ = 0;
        if (done()) return;
        const TickBlock& here = *blocks_[block];
        times_ = here.times.data();
        lasts_ = here.lasts.data();
        events_ = here.events.data();
        count_ = here.events.size();
        chunks_ = here.lasts.size();
        first_time_ = here.first_time;
        first_event_ = here.first_event;
        next_start_ = block + 1 < starts_.size() ? starts_[block + 1] : std::numeric_limits<std::int64_t>::max();
    }

    const std::vector<std::shared_ptr<TickBlock>>& blocks_;
    const std::vector<std::int64_t>& starts_;
    std::size_t block_ = 0, at_ = 0, count_ = 0, chunks_ = 0;
    std::uint64_t passed_ = 0, first_event_ = 0;
    const std::int32_t *times_ = nullptr, *lasts_ = nullptr;
    const std::uint32_t* events_ = nullptr;
    std::int64_t first_time_ = 0, next_start_ = 0;
};

}  // namespace

void Lane::ticks(std::int64_t from, std::int64_t to, int pixels, std::vector<Tick>& out) const {
    out.clear();
    if (ticks_.empty() || to <= from || pixels <= 0) return;
    const Columns columns(from, to, pixels);
    TickReader reader(ticks_, tick_starts_);
    std::int64_t column = 0, right = columns.start(1);
    for (reader.advance(from); !reader.done();) {
        const std::int64_t time = reader.time();
        if (time >= to) return;
        if (time >= right) {
            column = columns.of(time);
            right = columns.start(column + 1);
        }
        const std::uint64_t event = reader.event(), before = reader.passed();
        ++column;
        reader.advance(column >= pixels ? to : right);
        right = columns.start(column + 1);
        out.push_back({Nanoseconds(time), static_cast<std::uint32_t>(reader.passed() - before), event});
    }
}

}  // namespace heddle::model
