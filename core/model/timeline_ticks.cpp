// Which ticks a lane shows of a range of time on so many pixels.
#include <algorithm>

#include "core/model/timeline_columns.h"
#include "core/model/timeline_lane.h"

namespace heddle::model {
namespace {

// Walks a lane's ticks forward.
class TickReader {
public:
    TickReader(const std::vector<std::shared_ptr<TickBlock>>& blocks, const std::vector<std::int64_t>& starts)
        : blocks_(blocks), starts_(starts) {
        enter(0);
    }
    bool done() const { return block_ == blocks_.size(); }
    std::int64_t time() const { return first_time_ + entries_[at_].time; }
    std::uint64_t event() const { return blocks_[block_]->first_event + entries_[at_].event; }
    std::uint64_t passed() const { return passed_ + at_; }

    // To the first tick at or after `time`: by great steps, then small ones, then one by one.
    void advance(std::int64_t time) {
        if (block_ + 1 < blocks_.size() && starts_[block_ + 1] < time) {
            std::size_t last = block_ + 1;
            while (last + 1 < blocks_.size() && starts_[last + 1] < time) ++last;
            while (block_ < last) enter_next();
        }
        const std::int64_t offset = time - first_time_;
        for (const std::size_t stride : {std::size_t{256}, kLinear})
            while (at_ + stride <= count_ && entries_[at_ + stride - 1].time < offset) at_ += stride;
        const std::size_t end = std::min(at_ + kLinear, count_);
        std::size_t passed = 0;  // counted without branches: where a pixel ends is not to be predicted
        for (std::size_t i = at_; i < end; ++i) passed += entries_[i].time < offset;
        at_ += passed;
        if (at_ == count_) enter_next();
    }

private:
    static constexpr std::size_t kLinear = 16;
    void enter_next() {
        passed_ += count_;
        enter(block_ + 1);
    }
    void enter(std::size_t block) {
        block_ = block;
        at_ = 0;
        if (done()) return;
        entries_ = blocks_[block]->entries.data();
        count_ = blocks_[block]->entries.size();
        first_time_ = blocks_[block]->first_time;
    }

    const std::vector<std::shared_ptr<TickBlock>>& blocks_;
    const std::vector<std::int64_t>& starts_;
    std::size_t block_ = 0, at_ = 0, count_ = 0;
    std::uint64_t passed_ = 0;
    const TickBlock::Entry* entries_ = nullptr;
    std::int64_t first_time_ = 0;
};

}  // namespace

void Lane::ticks(std::int64_t from, std::int64_t to, int pixels, std::vector<Tick>& out) const {
    out.clear();
    if (ticks_.empty() || to <= from || pixels <= 0) return;
    const Columns columns(from, to, pixels);
    TickReader reader(ticks_, tick_starts_);
    for (reader.advance(from); !reader.done();) {
        const std::int64_t time = reader.time();
        if (time >= to) return;
        const std::int64_t next = columns.of(time) + 1;
        const std::uint64_t event = reader.event(), before = reader.passed();
        reader.advance(next >= pixels ? to : columns.start(next));
        out.push_back({Nanoseconds(time), static_cast<std::uint32_t>(reader.passed() - before), event});
    }
}

}  // namespace heddle::model
