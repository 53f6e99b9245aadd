#include "core/explore/local_search.h"

namespace heddle::explore {
namespace {

// Operations that name the step which let them go on, after steps were left out.
void renumber(Operation& operation, const std::vector<std::uint64_t>& place) {
    const bool names_a_step = trace::is_after_wait(operation) || operation.kind == OperationKind::kLeave ||
                              operation.kind == OperationKind::kFutexResume;
    if (names_a_step && operation.value < place.size()) operation.value = place[operation.value];
}

}  // namespace

std::uint64_t outcome_key(const Execution& execution) {
    return execution.digest * 31 + static_cast<std::uint64_t>(execution.ending) * 7 +
           static_cast<std::uint64_t>(execution.value) * 1'000'003 + execution.pc;
}

bool is_obstacle(Ending ending) {
    return ending == Ending::kStepLimit || ending == Ending::kUnsupported || ending == Ending::kMemoryLimit ||
           ending == Ending::kTooManyThreads || ending == Ending::kNeedsThreads;
}

// The execution without the steps that no other thread can tell.
Execution LocalSearch::visible_part(const Execution& execution) {
    std::vector<std::uint64_t> place(execution.steps.size() + 1, 0);
    visible_steps_.clear();
    for (std::size_t i = 0; i < execution.steps.size(); ++i) {
        Step step = execution.steps[i];
        const bool on_memory = trace::is_access(step.operation.kind) || step.operation.kind == OperationKind::kFree;
        if (!on_memory || executor_.visible(step.operation)) {
            renumber(step.operation, place);
            visible_steps_.push_back(step);
        }
        place[i + 1] = visible_steps_.size();
    }
    visible_pending_.assign(execution.pending.begin(), execution.pending.end());
    for (Operation& operation : visible_pending_) renumber(operation, place);
    visible_cut_off_.assign(execution.cut_off.begin(), execution.cut_off.end());
    for (std::uint32_t& step : visible_cut_off_)
        step = step != 0 && step < place.size() ? static_cast<std::uint32_t>(place[step]) : 0;
    Execution part = execution;
    part.cut_off = visible_cut_off_;
    part.steps = visible_steps_;
    part.pending = visible_pending_;
    return part;
}

SearchStop LocalSearch::step() {
    auto request = search_.next();
    if (!request) return {SearchStop::Why::kExhausted, {}, {}};
    request->step_limit = options_.step_limit;
    request->spurious_wakeups = options_.spurious_wakeups;
    // In the very first execution every access is a step, to learn which memory is shared.
    const bool rehearsal = !rehearsed_;
    rehearsed_ = true;
    if (rehearsal) {
        request->every_access = true;
        request->step_limit = trace::kMostSteps - 1;
    }
    const auto execution = executor_.run(*request);
    if (!execution) {
        failure_ = execution.error();
        return {};
    }
    if (rehearsal) {
        if (execution->ending != Ending::kStepLimit) return take(visible_part(*execution));
    } else if (execution->newly_visible == 0) {
        return take(*execution);
    }
    forget();
    return {SearchStop::Why::kForgotten, {}, {}};
}

SearchStop LocalSearch::take(const Execution& execution) {
    const std::uint32_t known = search_.known_steps();
    search_.take(execution);
    if (search_.must_restart()) {
        forget();
        return {SearchStop::Why::kForgotten, {}, {}};
    }
    if (execution.ending == Ending::kDiverged) return {};
    ++executions_;
    if (execution.ending == Ending::kRedundant || is_obstacle(execution.ending)) races_.pass(known);
    if (execution.ending == Ending::kRedundant) return {};
    if (sample_) sample_->take(execution, outcome_key(execution));
    if (is_obstacle(execution.ending)) return {SearchStop::Why::kObstacle, execution, {}};
    SearchStop stop;
    stop.execution = execution;
    if (++outcomes_[outcome_key(execution)] == 1) stop.why = SearchStop::Why::kOutcome;
    if (const auto race = races_.find(execution, known)) {
        stop.why = SearchStop::Why::kRace;
        stop.race = *race;
    }
    return stop;
}

void LocalSearch::forget() {
    search_.restart();
    races_ = RaceCheck();
    outcomes_.clear();
    if (sample_) sample_->begin();
}

}  // namespace heddle::explore
