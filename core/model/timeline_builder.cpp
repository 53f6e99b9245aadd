#include "core/model/timeline_builder.h"

#include <algorithm>

#include "core/base/check.h"

namespace heddle::model {
namespace {

class BuiltView final : public TimelineView {
public:
    BuiltView(std::vector<Lane> lanes, std::shared_ptr<const std::vector<WakeArrow>> arrows, Nanoseconds start, Nanoseconds end)
        : lanes_(std::move(lanes)), arrows_(std::move(arrows)), start_(start), end_(end) {
        infos_.reserve(lanes_.size());
        for (const Lane& lane : lanes_) infos_.push_back(lane.info);
    }
    const std::vector<LaneInfo>& lanes() const override { return infos_; }
    Nanoseconds start() const override { return start_; }
    Nanoseconds end() const override { return end_; }
    void bars(std::size_t lane, Nanoseconds from, Nanoseconds to, int pixels, std::vector<Bar>& out) const override {
        CHECK(lane < lanes_.size());
        lanes_[lane].bars(from.count(), to.count(), pixels, end_.count(), out);
    }
    void ticks(std::size_t lane, Nanoseconds from, Nanoseconds to, int pixels, std::vector<Tick>& out) const override {
        CHECK(lane < lanes_.size());
        lanes_[lane].ticks(from.count(), to.count(), pixels, out);
    }
    void wake_arrows(Nanoseconds from, Nanoseconds to, std::size_t most, std::vector<WakeArrow>& out) const override {
        out.clear();
        const auto before = [](const WakeArrow& arrow, Nanoseconds time) { return arrow.time < time; };
        const auto first = std::lower_bound(arrows_->begin(), arrows_->end(), from, before);
        const auto last = std::lower_bound(first, arrows_->end(), to, before);
        const auto count = static_cast<std::size_t>(last - first);
        const std::size_t shown = std::min(count, most);
        for (std::size_t i = 0; i < shown; ++i) out.push_back(first[static_cast<std::ptrdiff_t>(i * count / shown)]);
    }

private:
    std::vector<Lane> lanes_;
    std::vector<LaneInfo> infos_;
    std::shared_ptr<const std::vector<WakeArrow>> arrows_;
    Nanoseconds start_, end_;
};

}  // namespace

Lane* TimelineBuilder::thread_lane(Number number) {
    const auto index = static_cast<std::size_t>(number) - 1;
    return number >= 1 && index < threads_.size() ? &threads_[index] : nullptr;
}

void TimelineBuilder::thread_born(const ThreadWorld& thread, Nanoseconds time, std::uint64_t event) {
    view_ = nullptr;
    Lane lane;
    lane.info = {LaneKind::kThread, thread.number, thread.process, time, {}};
    lane.born_event = event;
    lane.begin(time.count(), static_cast<std::int32_t>(ThreadState::kNew), static_cast<std::uint8_t>(Cause::kNone), event);
    threads_.push_back(std::move(lane));
}

void TimelineBuilder::transition(const Transition& transition, Nanoseconds time, std::uint64_t event) {
    view_ = nullptr;
    Lane* lane = thread_lane(transition.thread);
    if (!lane) return;
    lane->begin(time.count(), static_cast<std::int32_t>(transition.to), static_cast<std::uint8_t>(transition.cause), event);
    if (transition.to == ThreadState::kTerminated) {
        lane->info.ended = time;
        lane->ended_event = event;
    }
}

void TimelineBuilder::cpu_runs(CpuId cpu, Number thread, Nanoseconds time, std::uint64_t event) {
    view_ = nullptr;
    Lane& lane = cpus_[cpu];
    lane.info.kind = LaneKind::kCpu;
    lane.info.id = cpu.value;
    lane.begin(time.count(), thread, static_cast<std::uint8_t>(Cause::kNone), event);
}

void TimelineBuilder::woken(Number by, Number thread, Nanoseconds time, std::uint64_t event) {
    view_ = nullptr;
    arrows_.push_back({time, by, thread, event});
    sealed_arrows_ = nullptr;
}

void TimelineBuilder::hook_event(Number thread, Nanoseconds time, std::uint64_t event) {
    view_ = nullptr;
    if (Lane* lane = thread_lane(thread)) lane->tick(time.count(), event);
}

void TimelineBuilder::truncate(std::uint64_t event) {
    view_ = nullptr;
    while (!threads_.empty() && threads_.back().born_event >= event) threads_.pop_back();
    for (Lane& lane : threads_) lane.truncate(event);
    for (auto& [id, lane] : cpus_) lane.truncate(event);
    std::erase_if(cpus_, [](const auto& entry) { return entry.second.intervals() == 0; });
    while (!arrows_.empty() && arrows_.back().event >= event) {
        arrows_.pop_back();
        sealed_arrows_ = nullptr;
    }
}

void TimelineBuilder::set_range(Nanoseconds start, Nanoseconds end) {
    if (start != start_ || end != end_) view_ = nullptr;
    start_ = start;
    end_ = end;
}

std::shared_ptr<const TimelineView> TimelineBuilder::view() {
    if (view_) return view_;
    if (!sealed_arrows_) sealed_arrows_ = std::make_shared<const std::vector<WakeArrow>>(arrows_);
    std::vector<Lane> lanes;
    lanes.reserve(threads_.size() + cpus_.size());
    for (Lane& lane : threads_) {
        lane.publish();
        lanes.push_back(lane);
    }
    for (auto& [id, lane] : cpus_) {
        lane.publish();
        lanes.push_back(lane);
    }
    view_ = std::make_shared<const BuiltView>(std::move(lanes), sealed_arrows_, start_, end_);
    return view_;
}

std::size_t TimelineBuilder::bytes() const {
    std::size_t bytes = arrows_.capacity() * sizeof(WakeArrow);
    for (const Lane& lane : threads_) bytes += lane.bytes();
    for (const auto& [id, lane] : cpus_) bytes += lane.bytes();
    return bytes;
}

}  // namespace heddle::model
