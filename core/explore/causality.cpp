#include "core/explore/causality.h"

#include <algorithm>

#include "core/explore/idle_rounds.h"
#include "core/trace/dependence.h"

namespace heddle::explore {
void Causality::join(std::uint32_t step) {
    const std::uint32_t* other = clock(step);
    for (std::uint32_t t = 0; t < threads_; ++t) now_[t] = std::max(now_[t], other[t]);
}

void Causality::join_roles(const History& history, unsigned roles) {
    for (std::uint32_t t = 0; t < threads_; ++t) {
        for (unsigned role = 0; role < History::kRoles; ++role) {
            const std::uint32_t step = history.last[t * History::kRoles + role];
            if ((roles & bit(role)) != 0 && step != kNone) join(step);
        }
    }
}

// Of each other thread the last step of these roles: what the operation at work could have come before.
void Causality::collect(const History& history, unsigned roles, std::uint32_t thread) {
    for (std::uint32_t t = 0; t < threads_; ++t) {
        if (t == thread) continue;
        std::uint32_t last = kNone;
        for (unsigned role = 0; role < History::kRoles; ++role) {
            const std::uint32_t step = history.last[t * History::kRoles + role];
            if ((roles & bit(role)) != 0 && step != kNone && (last == kNone || step > last)) last = step;
        }
        if (last != kNone && before_[t] < ordinal_[last]) candidates_.push_back(last);
    }
}

// The read that ends a spin could have come before each step that it was enabled before, and that it cannot be told apart from
// or that put it back to spinning.
void Causality::collect_spun(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const auto end = static_cast<std::uint32_t>(step == kNone ? steps_.size() : step);
    for (std::uint32_t i = latest_[thread] == kNone ? 0 : latest_[thread] + 1; i < end; ++i) {
        if ((steps_[i].enabled >> thread & 1) == 0 || before_[thread_of(i)] >= ordinal_[i]) continue;
        const bool enabled_after = i + 1 < steps_.size() ? (steps_[i + 1].enabled >> thread & 1) != 0 : step != kNone;
        if (!enabled_after || trace::dependent(steps_[i].operation, operation)) candidates_.push_back(i);
    }
}

void Causality::record(History& history, Role role, std::uint32_t step, std::uint32_t thread) {
    if (step != kNone) journal_.set(history.last[thread * History::kRoles + role], step);
}

void Causality::add(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    candidates_.clear();
    for (std::uint32_t t = 0; t < threads_; ++t) before_[t] = latest_[thread] == kNone ? 0 : clock(latest_[thread])[t];
    now_ = before_;
    if (frees_.size() > 0 && trace::is_in_memory(operation.kind)) on_freed_memory(operation, thread);
    if (all_threads_) on_all_threads(operation, step, thread);
    if (trace::is_access(operation.kind)) {
        on_access(operation, step, thread);
    } else if (trace::is_lock_operation(operation.kind)) {
        on_lock(operation, step, thread);
    } else if (trace::is_permit_operation(operation.kind)) {
        on_permit(operation, step, thread);
    } else if (trace::is_channel_operation(operation.kind)) {
        on_channel(operation, step, thread);
    } else {
        on_other(operation, step, thread);
    }
}

// Those of the candidates that nothing comes in between with.
void Causality::report(std::uint32_t step, std::uint32_t thread) {
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    for (const std::uint32_t candidate : candidates_) {
        const bool between = std::any_of(candidates_.begin(), candidates_.end(), [&](std::uint32_t other) {
            return other > candidate && happens_before(candidate, other);
        });
        const auto end = static_cast<std::uint32_t>(steps_.size());
        if (!between) races_.push_back({candidate, step == kNone ? ReversibleRace::kPending : step, thread, end});
    }
}

void Causality::begin(std::uint32_t threads, bool fences, bool all_threads, std::uint32_t known) {
    const bool alike = threads == threads_ && fences == fences_ && all_threads == all_threads_;
    const std::uint32_t kept = alike ? std::min(known, journal_.steps()) : 0;
    races_.clear();
    ordinal_.resize(kept);
    clocks_.resize(static_cast<std::size_t>(kept) * threads);
    journal_.back_to(kept);
    if (kept > 0) return;
    threads_ = threads;
    fences_ = fences;
    all_threads_ = all_threads;
    journal_.clear();
    histories_.begin(threads);
    frees_.clear();
    now_.assign(threads_, 0);
    before_.assign(threads_, 0);
    latest_.assign(threads_, kNone);
    created_by_.assign(threads_, kNone);
    ended_at_.assign(threads_, kNone);
    counts_.assign(threads_, 0);
}

void Causality::take(std::span<const Step> steps) {
    steps_ = steps;
    const auto step = static_cast<std::uint32_t>(steps.size() - 1);
    const std::uint32_t thread = steps[step].thread;
    journal_.begin_step();
    journal_.set(counts_[thread], counts_[thread] + 1);
    ordinal_.push_back(counts_[thread]);
    add(steps[step].operation, step, thread);
    now_[thread] = counts_[thread];
    clocks_.insert(clocks_.end(), now_.begin(), now_.end());
    journal_.set(latest_[thread], step);
}

bool Causality::before_next(std::uint32_t a, std::uint32_t thread) const {
    const std::uint32_t last = latest_[thread];
    return last != kNone && happens_before(a, last);
}

bool Causality::same_past_of_others(std::uint32_t a, std::uint32_t b) const {
    for (std::uint32_t t = 0; t < threads_; ++t) {
        if (t != thread_of(a) && clock(a)[t] != clock(b)[t]) return false;
    }
    return true;
}

// Whether the last step, or what its thread did behind it, ended the process before the thread did what it might have done just
// then.
bool Causality::end_cuts_off(std::uint32_t thread, Ending ending) const {
    if (steps_.empty()) return false;
    const Operation& latest = steps_.back().operation;
    const bool exits = latest.kind == OperationKind::kExit && latest.object == 0;  // no other process goes on
    if (!exits && !trace::ends_in_its_thread(ending)) return false;
    const auto last = static_cast<std::uint32_t>(steps_.size() - 1);
    return thread_of(last) != thread && (steps_[last].enabled >> thread & 1) != 0;
}

// What the thread was about to do when the steps so far were done. False: it could not have come earlier.
bool Causality::add_pending(const Operation& operation, std::uint32_t thread) {
    add(operation, kNone, thread);
    std::copy(now_.begin(), now_.end(), pending_clocks_.begin() + static_cast<std::ptrdiff_t>(thread) * threads_);
    return !trace::is_after_wait(operation) || operation.value != 0;  // or it is not signalled
}

// Where the step ends a process, what its other threads were about to do could have come before it, and before what they could
// have done that before until then.
void Causality::take_and_report(const Execution& execution, std::uint32_t step) {
    std::vector<std::pair<std::uint32_t, std::vector<std::uint32_t>>> cut_off;
    for (std::uint32_t thread = 0; thread < execution.cut_off.size() && thread < threads_; ++thread) {
        if (execution.cut_off[thread] != step + 1 || execution.steps[step].thread == thread) continue;
        steps_ = execution.steps.first(step);
        if (!add_pending(execution.pending[thread], thread)) continue;
        if ((execution.steps[step].enabled >> thread & 1) != 0) candidates_.push_back(step);
        cut_off.emplace_back(thread, candidates_);
    }
    take(execution.steps.first(step + 1));
    report(step, execution.steps[step].thread);
    for (auto& [thread, candidates] : cut_off) {
        candidates_ = std::move(candidates);
        report(kNone, thread);
    }
}

void Causality::analyze(const Execution& execution, std::uint32_t known) {
    bool fences = false, all_threads = false;
    const auto reckon_with = [&](const Operation& operation) {
        fences = fences || trace::is_sequential_fence(operation);
        all_threads = all_threads || trace::concerns_all_threads(operation);
    };
    for (const Step& step : execution.steps) reckon_with(step.operation);
    for (std::uint32_t thread = 0; thread < execution.threads; ++thread) {
        const bool cut_off = thread < execution.cut_off.size() && execution.cut_off[thread] != 0;
        if ((execution.alive >> thread & 1) != 0 || cut_off) reckon_with(execution.pending[thread]);
    }
    begin(execution.threads, fences, all_threads, known);
    pending_clocks_.assign(static_cast<std::size_t>(threads_) * threads_, 0);
    for (std::uint32_t step = journal_.steps(); step < execution.steps.size(); ++step) {
        take_and_report(execution, step);
    }
    steps_ = execution.steps;
    for (std::uint32_t thread = 0; thread < threads_; ++thread) {
        if ((execution.alive >> thread & 1) == 0) continue;
        const bool may_come = add_pending(execution.pending[thread], thread);
        if (end_cuts_off(thread, execution.ending)) candidates_.push_back(static_cast<std::uint32_t>(steps_.size() - 1));
        if (may_come) report(kNone, thread);
    }
    // A write that comes after the look of an idle round could have come before it. The thread would then have seen it in its
    // first round, just as it now sees it in the next one: the same execution, but for the idle round.
    find_idle_looks(execution, *this, idle_);
    if (idle_.empty()) return;
    std::erase_if(races_,
                  [&](const ReversibleRace& race) { return std::find(idle_.begin(), idle_.end(), race.first) != idle_.end(); });
}

}  // namespace heddle::explore
