#include "core/explore/execution_sample.h"

namespace heddle::explore {

void ExecutionSample::begin() {
    ++into_.generation;
    into_.executions = into_.steps = into_.closed = 0;
    before_.clear();
    walked_ = 0;
}

void ExecutionSample::take(const Execution& execution, std::uint64_t outcome) {
    if (into_.closed != 0) return;
    std::uint32_t shared = 0;
    const auto most = static_cast<std::uint32_t>(std::min(before_.size(), execution.steps.size()));
    while (shared < most && execution.steps[shared].thread == before_[shared].thread &&
           execution.steps[shared].choice == before_[shared].choice)
        ++shared;
    const auto added = static_cast<std::uint32_t>(execution.steps.size()) - shared;
    walked_ += execution.steps.size();
    if (into_.executions == trace::Sample::kMostExecutions || added > trace::Sample::kMostSteps - into_.steps ||
        walked_ > trace::Sample::kMostWalked) {
        into_.closed = 1;
        return;
    }
    std::copy(execution.steps.begin() + shared, execution.steps.end(), into_.step + into_.steps);
    into_.steps += added;
    into_.execution[into_.executions++] = {outcome, shared, added, execution.ending};
    before_.resize(shared);
    for (std::size_t i = shared; i < execution.steps.size(); ++i)
        before_.push_back({execution.steps[i].thread, execution.steps[i].choice});
}

bool SampleReader::read(const trace::Sample& sample, const Sink& sink) {
    const bool anew = sample.generation != generation_;
    if (anew) {
        generation_ = sample.generation;
        executions_ = read_steps_ = 0;
        steps_.clear();
        closed_ = false;
        sink.begin();
    }
    const std::uint32_t before = executions_, there = std::min(sample.executions, trace::Sample::kMostExecutions);
    for (; executions_ < there && !closed_; ++executions_) {
        const trace::SampledExecution next = sample.execution[executions_];
        if (next.shared > steps_.size() || next.added > trace::Sample::kMostSteps - read_steps_) {
            closed_ = true;
            break;
        }
        steps_.resize(next.shared);
        steps_.insert(steps_.end(), sample.step + read_steps_, sample.step + read_steps_ + next.added);
        read_steps_ += next.added;
        sink.take(steps_, next.outcome, next.ending);
    }
    closed_ = closed_ || sample.closed != 0;
    return anew || executions_ != before;
}

}  // namespace heddle::explore
