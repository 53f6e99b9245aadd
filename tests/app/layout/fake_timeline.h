// A TimelineView over literal intervals, for tests of what is drawn from one. Merges per pixel as the contract says.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "core/model/snapshot.h"

namespace heddle::test {

class FakeTimeline final : public model::TimelineView {
public:
    std::vector<model::LaneInfo> infos;
    std::vector<std::vector<model::Bar>> intervals;  // by lane, ascending
    std::vector<std::vector<model::Tick>> tick_lists;
    std::vector<model::WakeArrow> wakes;
    Nanoseconds first{0}, last{0};

    std::size_t add_lane(model::LaneKind kind, std::int32_t id, std::int32_t process = 1) {
        infos.push_back({kind, id, process, first, Nanoseconds(0)});
        intervals.emplace_back();
        tick_lists.emplace_back();
        return infos.size() - 1;
    }
    void add(std::size_t lane, std::int64_t from, std::int64_t to, std::int32_t what,
             model::Cause cause = model::Cause::kNone) {
        model::Bar bar;
        bar.start = Nanoseconds(from), bar.end = Nanoseconds(to), bar.what = what, bar.cause = static_cast<std::uint8_t>(cause);
        bar.event = next_event_++;
        intervals[lane].push_back(bar);
        last = std::max(last, bar.end);
    }

    const std::vector<model::LaneInfo>& lanes() const override { return infos; }
    Nanoseconds start() const override { return first; }
    Nanoseconds end() const override { return last; }

    void bars(std::size_t lane, Nanoseconds from, Nanoseconds to, int pixels, std::vector<model::Bar>& out) const override {
        out.clear();
        const double pixel = static_cast<double>((to - from).count()) / std::max(1, pixels);
        const auto& all = intervals[lane];
        auto bar =
            std::lower_bound(all.begin(), all.end(), from, [](const model::Bar& b, Nanoseconds t) { return b.end <= t; });
        while (bar != all.end() && bar->start < to) {
            if (static_cast<double>((bar->end - bar->start).count()) >= pixel) {
                out.push_back(*bar++);
                continue;
            }
            const auto cell =
                static_cast<std::int64_t>(static_cast<double>((std::max(bar->start, from) - from).count()) / pixel);
            const Nanoseconds cell_end =
                from + Nanoseconds(static_cast<std::int64_t>(pixel * static_cast<double>(cell + 1)) + 1);
            model::Bar merged = *bar;
            std::map<std::int32_t, std::int64_t> share;
            std::size_t count = 0;
            for (; bar != all.end() && bar->start < cell_end && static_cast<double>((bar->end - bar->start).count()) < pixel;
                 ++bar, ++count) {
                share[bar->what] += (bar->end - bar->start).count();
                merged.end = bar->end;
            }
            if (count > 1) {
                const auto most = std::max_element(share.begin(), share.end(),
                                                   [](const auto& a, const auto& b) { return a.second < b.second; });
                merged.what = most->first, merged.merged = true;
                merged.coverage = static_cast<float>(most->second) / static_cast<float>((merged.end - merged.start).count());
            }
            out.push_back(merged);
        }
    }

    void ticks(std::size_t lane, Nanoseconds from, Nanoseconds to, int, std::vector<model::Tick>& out) const override {
        out.clear();
        for (const model::Tick& tick : tick_lists[lane]) {
            if (tick.time >= from && tick.time < to) out.push_back(tick);
        }
    }

    void wake_arrows(Nanoseconds from, Nanoseconds to, std::size_t most, std::vector<model::WakeArrow>& out) const override {
        out.clear();
        for (const model::WakeArrow& wake : wakes) {
            if (wake.time >= from && wake.time < to && out.size() < most) out.push_back(wake);
        }
    }

private:
    std::uint64_t next_event_ = 0;
};

}  // namespace heddle::test
