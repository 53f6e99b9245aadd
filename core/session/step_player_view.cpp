// What a learner sees of a run whose threads take turns: what each is about to do, and how it ended.
#include <algorithm>

#include "core/kernel/thread_now.h"
#include "core/model/naming.h"
#include "core/model/wait_cause.h"
#include "core/session/step_player.h"

namespace heddle::session {

using trace::kMostFibers;

// What a thread does that stands at no gate, as the kernel tells.
model::PendingView StepPlayer::away_in_kernel(std::uint32_t fiber) const {
    const sched::Standing standing = gate_.controller().standing();
    trace::Operation away = standing.pending[fiber];
    away.kind = trace::OperationKind::kOutside;
    model::PendingView view =
        document_.pending(number_of(fiber), away, standing.callers[fiber], false, [](std::uint64_t) { return model::kNobody; });
    const kernel::ThreadNow now = kernel::thread_now(ThreadId(gate_.controller().tid(fiber)));
    if (now.state == 'R') view.obstacle.key = "pending.computes";
    const std::string call(model::syscall_name(now.syscall));
    if (now.state != 'R' && now.syscall >= 0) {
        view.obstacle.key = "pending.in_call";
        view.obstacle.arguments["call"] = call.empty() ? "#" + std::to_string(now.syscall) : call;
    }
    view.obstacle.arguments["state"] = std::string(1, now.state);
    return view;
}

model::StepView StepPlayer::view(std::uint64_t playhead) {
    model::StepView view;
    view.step = step_at(playhead);
    view.steps = made();
    view.policy = manner_.policy;
    view.granularity = manner_.granularity;
    view.standing = gate_.controller().stands() || gate_.controller().waits() || gate_.controller().ended().has_value();
    view.schedule = sched::to_text(schedule_until(view.step));
    if (view.step > 0) view.last = number_of(gate_.controller().steps()[view.step - 1].step.thread);
    const bool live = view.step == view.steps;
    const sched::Standing standing = gate_.controller().standing();
    const std::uint64_t enabled =
        live ? (view.standing ? standing.enabled : 0) : gate_.controller().steps()[view.step].step.enabled;
    const auto number = [this](std::uint64_t fiber) { return number_of(fiber); };
    const std::uint32_t away = away_ ? watched_ : kMostFibers;
    for (std::uint32_t fiber = 0; fiber < gate_.controller().threads(); ++fiber) {
        const model::Number who = number_of(fiber);
        if (who == model::kNobody || !document_.is_alive(who, playhead)) continue;
        const bool may = (enabled >> fiber & 1) != 0;
        const bool is_away = live && (fiber == away || standing.pending[fiber].kind == trace::OperationKind::kOutside);
        if (is_away && ((standing.alive >> fiber & 1) != 0 || fiber == away)) {
            view.pending.push_back(away_in_kernel(fiber));
        } else if (const trace::Step* next = next_of(fiber, view.step)) {
            view.pending.push_back(document_.pending(who, next->operation, next->callers, may, number));
        } else if ((standing.alive >> fiber & 1) != 0) {
            view.pending.push_back(document_.pending(who, standing.pending[fiber], standing.callers[fiber], may, number));
        }
    }
    std::sort(view.pending.begin(), view.pending.end(),
              [](const model::PendingView& a, const model::PendingView& b) { return a.thread < b.thread; });
    if (const auto ended = gate_.controller().ended(); ended && live) {
        view.over = "step.over_" + std::string(trace::ending_name(ended->how));
        if (standing.enabled != 0) view.pending.clear();  // nobody stands at the gate any more
    }
    return view;
}

std::vector<model::Finding> StepPlayer::findings() {
    const auto ended = gate_.controller().ended();
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
    finding.sentence = {"finding." + finding.id, {}, number_of(ended->thread)};
    finding.sentence.arguments["thread"] = model::thread_text(number_of(ended->thread));
    finding.sentence.arguments["text"] = ended->text;
    finding.sentence.arguments["step"] = std::to_string(ended->value + 1);
    if (ended->object != 0) finding.sentence.arguments["name"] = document_.name_of(ended->object);
    mark(made());
    if (!marks_.empty()) finding.event = marks_.back().own;
    return {finding};
}

}  // namespace heddle::session
