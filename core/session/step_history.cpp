#include "core/session/step_history.h"

#include <algorithm>

#include "core/model/naming.h"
#include "core/sched/schedule.h"
#include "core/sched/waiting.h"
#include "core/trace/dependence.h"
#include "core/trace/ending_text.h"

namespace heddle::session {

using trace::Kind;

bool StepHistory::is_stop(std::uint32_t fiber, const trace::Operation& operation) const {
    const bool plain = operation.kind == trace::OperationKind::kRead || operation.kind == trace::OperationKind::kWrite;
    if (!plain || (operation.flags & trace::operation_flags::kAtomic) != 0) return true;
    if ((operation.flags & trace::operation_flags::kOwnStack) != 0) return false;
    return document_.is_user_code(operation.pc) && !document_.is_on_stack_of(number_of(fiber), operation.object);
}

bool StepHistory::concerns_others(std::uint32_t fiber, const trace::Operation& operation) const {
    return std::any_of(source_.steps().begin(), source_.steps().end(), [&](const sched::MadeStep& made) {
        return made.step.thread != fiber && trace::dependent(made.step.operation, operation);
    });
}

bool StepHistory::is_stop(std::size_t step) const {
    const trace::Step& made = source_.steps()[step].step;
    return is_stop(made.thread, made.operation);
}

// The latest of the first `step` steps that is a stop; 0: none.
std::size_t StepHistory::last_stop(std::size_t step) const {
    while (step > 0 && !is_stop(step - 1)) --step;
    return step;
}

std::size_t StepHistory::next_stop(std::size_t step) const {
    std::size_t next = step + 1;
    while (next < made() && !is_stop(next)) ++next;
    return next;
}

std::size_t StepHistory::stop_before(std::size_t step) const {
    const std::size_t shown = last_stop(step);
    return shown > 0 ? shown - 1 : 0;
}

void StepHistory::log_changed(std::uint64_t first_changed) {
    // The last step goes to the end of the log, wherever that is.
    while (!marks_.empty() && marks_.back().end >= first_changed) marks_.pop_back();
}

// The event that a step is known by: the first that its own thread's hooks recorded in it.
bool StepHistory::is_the_steps_own(std::size_t step, std::uint64_t event) const {
    const trace::PackedEvent packed = document_.log().packed(event);
    const std::int32_t tid = source_.tid(source_.steps()[step].step.thread);
    return packed.kind() <= Kind::kLastHookKind && document_.log().threads()[packed.thread].tid.value == tid &&
           document_.worth_showing(event);
}

// A step that begins to wait is known by its call, which was logged before its turn came: nothing of it follows.
std::optional<std::uint64_t> StepHistory::call_that_waits(std::size_t step, std::uint64_t first) const {
    using K = trace::OperationKind;
    const K kind = source_.steps()[step].step.operation.kind;
    if (kind != K::kWait && kind != K::kTimedWait && kind != K::kFutexWait) return std::nullopt;
    const std::uint64_t back = marks_.empty() ? 0 : marks_.back().own;
    for (std::uint64_t event = first; event-- > back;)
        if (is_the_steps_own(step, event)) return event;
    return std::nullopt;
}

std::uint64_t StepHistory::mark(std::size_t step) {
    const trace::EventLogView& log = document_.log();
    for (std::size_t i = marks_.size(); i < std::min(step, made()); ++i) {
        const std::uint64_t first = log.first_at_or_after(source_.step_time(i));
        const std::uint64_t end = i + 1 < made() ? log.first_at_or_after(source_.step_time(i + 1)) : log.size();
        std::uint64_t own = first;
        while (own < end && !is_the_steps_own(i, own)) ++own;
        if (own == end) own = call_that_waits(i, first).value_or(end > 0 ? end - 1 : 0);
        marks_.push_back({own, end});
    }
    if (step > 0 && !marks_.empty()) return marks_[std::min(step, marks_.size()) - 1].end;
    return made() > 0 ? log.first_at_or_after(source_.step_time(0)) : 0;
}

std::size_t StepHistory::step_at(std::uint64_t playhead) {
    mark(made());
    const auto after = std::upper_bound(marks_.begin(), marks_.end(), playhead,
                                        [](std::uint64_t at, const Mark& mark) { return at < mark.end; });
    auto step = static_cast<std::size_t>(after - marks_.begin());
    while (step < made() && !is_stop(step)) ++step;
    return step;
}

std::optional<std::uint64_t> StepHistory::focus(std::uint64_t playhead) {
    const std::size_t step = step_at(playhead), stop = last_stop(step);
    if (stop == 0 || playhead < marks_[stop - 1].end || playhead > mark(step)) return std::nullopt;
    return marks_[stop - 1].own;
}

std::vector<trace::Step> StepHistory::steps_until(std::size_t step) const {
    std::vector<trace::Step> steps;
    steps.reserve(step);
    for (std::size_t i = 0; i < std::min(step, made()); ++i) steps.push_back(source_.steps()[i].step);
    return steps;
}

std::uint64_t StepHistory::enabled(std::size_t step) const {
    if (step < made()) return source_.steps()[step].step.enabled;
    return source_.stands() ? source_.standing().enabled : 0;
}

std::vector<trace::Operation> StepHistory::next_operations(std::size_t step) const {
    std::vector<trace::Operation> next(source_.threads());
    const sched::Standing standing = source_.standing();
    for (std::uint32_t fiber = 0; fiber < next.size(); ++fiber) {
        if (const trace::Step* const made = next_of(fiber, step)) {
            next[fiber] = made->operation;
        } else if ((standing.alive >> fiber & 1) != 0) {
            next[fiber] = standing.pending[fiber];
        }
    }
    return next;
}

model::Number StepHistory::number_of(std::uint64_t fiber) const {
    return document_.number_of(ThreadId(source_.tid(static_cast<std::uint32_t>(fiber))));
}

std::optional<std::uint32_t> StepHistory::fiber_of(model::Number number) const {
    for (std::uint32_t fiber = 0; fiber < source_.threads(); ++fiber) {
        if (number != model::kNobody && number_of(fiber) == number) return fiber;
    }
    return std::nullopt;
}

// What this one did first, from that step on.
const trace::Step* StepHistory::next_of(std::uint32_t fiber, std::size_t step) const {
    for (std::size_t i = step; i < made(); ++i) {
        const trace::Step& each = source_.steps()[i].step;
        if (each.thread == fiber) return &each;
    }
    return nullptr;
}

model::StepView StepHistory::view(std::uint64_t playhead, bool spurious) {
    model::StepView view;
    view.step = step_at(playhead);
    view.steps = made();
    view.standing = source_.stands() || source_.ended().has_value();
    view.spurious = spurious;
    const std::size_t stop = last_stop(view.step), last = stop > 0 ? stop : view.step;
    if (last > 0) view.last = number_of(source_.steps()[last - 1].step.thread);
    add_pending(view, playhead);
    if (const auto ended = source_.ended(); ended && view.step == view.steps) {
        view.over = "step.over_" + std::string(trace::ending_name(ended->how));
        if (source_.standing().enabled != 0) view.pending.clear();  // nobody stands at the gate any more
    }
    return view;
}

// What each of those alive is about to do, whether it may, and what comes of it.
void StepHistory::add_pending(model::StepView& view, std::uint64_t playhead) {
    for (std::size_t i = schedule_text_.steps(); i < made(); ++i) schedule_text_.add(source_.steps()[i].step);
    view.schedule = schedule_text_.up_to(view.step);
    const sched::Standing standing = source_.standing();
    const std::uint64_t enabled = this->enabled(view.step);
    const auto number = [this](std::uint64_t fiber) { return number_of(fiber); };
    const std::vector<trace::Operation> next = next_operations(view.step);
    for (std::uint32_t fiber = 0; fiber < next.size(); ++fiber) {
        const model::Number who = number_of(fiber);
        if (who == model::kNobody || !document_.is_alive(who, playhead)) continue;
        if (next[fiber].kind == trace::OperationKind::kNone) continue;
        const bool may = (enabled >> fiber & 1) != 0;
        const trace::Step* const later = next_of(fiber, view.step);
        const trace::Callers& callers = later != nullptr ? later->callers : standing.callers[fiber];
        model::PendingView pending = document_.pending(who, next[fiber], callers, may, number, playhead);
        if (next[fiber].kind == trace::OperationKind::kSignal) {
            for (const std::uint32_t waiter : sched::waiters_on(next[fiber].object, steps_until(view.step), next))
                pending.wakes.push_back(number_of(waiter));
        }
        pending.awaits_signal = !may && sched::awaits_signal(next[fiber], view.step);
        pending.may_wake = pending.awaits_signal && view.spurious && sched::is_free(next[fiber].object, steps_until(view.step));
        view.pending.push_back(std::move(pending));
    }
    std::sort(view.pending.begin(), view.pending.end(),
              [](const model::PendingView& a, const model::PendingView& b) { return a.thread < b.thread; });
}

std::optional<std::size_t> StepHistory::step_of(std::uint64_t access) {
    mark(made());
    const auto at = std::upper_bound(marks_.begin(), marks_.end(), access,
                                     [](std::uint64_t event, const Mark& mark) { return event < mark.end; });
    if (at == marks_.end()) return std::nullopt;
    const auto step = static_cast<std::size_t>(at - marks_.begin());
    const trace::Operation& operation = source_.steps()[step].step.operation;
    const std::uint64_t address = document_.log().packed(access).address;
    const bool made_it = trace::is_access(operation.kind) && operation.object <= address &&
                         address - operation.object < std::max<std::uint64_t>(operation.bytes, 1);
    return made_it ? std::optional(step) : std::nullopt;
}

std::string StepHistory::other_order(std::uint64_t first, std::uint64_t second) {
    const std::optional<std::size_t> one = step_of(first), other = step_of(second);
    if (!one || !other) return {};
    const std::vector<trace::Step> steps = steps_until(made());
    const sched::Schedule way = sched::other_order(steps, static_cast<std::uint32_t>(*one), static_cast<std::uint32_t>(*other));
    return way.blocks.empty() ? "" : sched::to_text(way);
}

std::vector<model::Finding> StepHistory::findings() {
    const auto ended = source_.ended();
    if (!ended) return {};
    using trace::Ending;
    model::Finding finding;
    switch (ended->how) {
        case Ending::kDeadlock:
        case Ending::kLockLeak:
        case Ending::kMisuse:
        case Ending::kStepLimit:
        case Ending::kDiverged:
        case Ending::kUnsupported:
        case Ending::kTooManyThreads:
            finding.id = trace::ending_name(ended->how);
            break;
        default:
            return {};
    }
    const std::string suffix = ended->how == Ending::kTooManyThreads ? "" : trace::ending_text_suffix(ended->text);
    finding.sentence = {"finding." + finding.id + suffix, {}, number_of(ended->thread)};
    finding.sentence.arguments["thread"] = model::thread_text(number_of(ended->thread));
    finding.sentence.arguments["text"] = ended->text;
    finding.sentence.arguments["step"] = std::to_string(ended->value + 1);
    if (ended->object != 0) finding.sentence.arguments["name"] = document_.name_of(ended->object);
    mark(made());
    if (!marks_.empty()) finding.event = marks_.back().own;
    return {finding};
}

}  // namespace heddle::session
