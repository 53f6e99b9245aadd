// TimelineBuilder: folds what a World tells while it folds (WorldSink) into lanes, and hands out views of them. Used by the
// Observatory on the session's thread; the views are immutable and may be read by any thread while the builder goes on.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/model/timeline_lane.h"
#include "core/model/world.h"

namespace heddle::model {

class TimelineBuilder final : public WorldSink {
public:
    void thread_born(const ThreadWorld& thread, Nanoseconds time, std::uint64_t event) override;
    void transition(const Transition& transition, Nanoseconds time, std::uint64_t event) override;
    void cpu_runs(CpuId cpu, Number thread, Nanoseconds time, std::uint64_t event) override;
    void woken(Number by, Number thread, Nanoseconds time, std::uint64_t event) override;
    void hook_event(Number thread, Nanoseconds time, std::uint64_t event) override;

    // Forgets what events at or after this index said; the World that goes on must be the one at it.
    void truncate(std::uint64_t event);
    void set_range(Nanoseconds start, Nanoseconds end);
    std::shared_ptr<const TimelineView> view();  // the same one until something changed
    std::size_t bytes() const;

private:
    Lane* thread_lane(Number number);

    std::vector<Lane> threads_;  // by number
    std::map<CpuId, Lane> cpus_;
    std::vector<WakeArrow> arrows_;
    std::shared_ptr<const std::vector<WakeArrow>> sealed_arrows_;
    std::shared_ptr<const TimelineView> view_;
    Nanoseconds start_{}, end_{};
};

}  // namespace heddle::model
