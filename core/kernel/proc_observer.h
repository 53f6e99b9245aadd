// ProcObserver: the Observer for machines without perf. Looks at the lab's threads in /proc when drained, at most once per
// period, and infers what happened between two looks (sample_differ.h). Misses what begins and ends in between; says so by
// exact() and source(). See observer.h for lifetime and threads.
#pragma once

#include "core/base/unique_fd.h"
#include "core/kernel/observer.h"
#include "core/kernel/sample_differ.h"

namespace heddle::kernel {

class ProcObserver final : public Observer {
public:
    // why: what perf refused, and how to allow it.
    static Result<std::unique_ptr<ProcObserver>> open(ProcessId child, const ObserverOptions& options,
                                                      std::vector<Unavailable> why);

    void drain(std::vector<KernelRecord>& out) override;
    void set_extras(bool) override {}
    std::vector<int> poll_fds() const override { return {timer_.get()}; }
    std::string_view source() const override { return source_; }
    bool exact() const override { return false; }
    bool has_registers() const override { return false; }
    bool has_wake_ups() const override { return false; }
    const std::vector<Unavailable>& unavailable() const override { return unavailable_; }

private:
    ProcObserver() = default;
    std::vector<SampledThread> look();

    Nanoseconds period_{}, next_look_{}, next_tree_{};
    std::vector<ProcessId> processes_;
    UniqueFd timer_;
    SampleDiffer differ_;
    std::string source_;
    std::vector<Unavailable> unavailable_;
};

}  // namespace heddle::kernel
