// What the kernel tells of the threads of a run that take turns: of those that stand at no gate, and what others see of them.
#include <algorithm>
#include <utility>

#include "core/kernel/thread_now.h"
#include "core/model/wait_cause.h"
#include "core/session/step_player.h"

namespace heddle::session {

using namespace std::chrono_literals;
using trace::kMostFibers;

constexpr Nanoseconds kPatienceWithMover = 300ms;  // that comes to no step

bool StepPlayer::watch_gate(Nanoseconds elapsed) {
    watch_mover(elapsed);
    waited_ = gate_->controller().waits() ? waited_ + elapsed : Nanoseconds(0);
    // What another process did, or its end, may let somebody go on, or not any more, and a handler may begin.
    const sched::Standing standing = gate_->controller().stands() ? gate_->controller().standing() : sched::Standing{};
    const bool same_threads = std::exchange(alive_, standing.alive) == standing.alive;
    const std::uint32_t described = gate_->controller().described();
    const bool same_words = std::exchange(described_, described) == described;
    return std::exchange(enabled_, standing.enabled) != standing.enabled || !same_threads || !same_words;
}

void StepPlayer::watch_mover(Nanoseconds elapsed) {
    sched::Controller& controller = gate_->controller();
    const std::uint32_t mover = controller.mover();
    const bool same = mover < kMostFibers && mover == watched_ && history_.made() == watched_at_;
    watched_ = mover;
    watched_at_ = history_.made();
    watched_for_ = same ? watched_for_ + elapsed : Nanoseconds(0);
    away_ = false;
    if (mover >= kMostFibers) return controller.free_turn(false);
    // On a busy machine it may not have come to run yet.
    const kernel::ThreadNow now = kernel::thread_now(ThreadId(controller.tid(mover)));
    if (!same) ran_before_ = now.ran;
    away_ = watched_for_ > kPatienceWithMover && (now.state != 'R' || now.ran - ran_before_ > kPatienceWithMover / 2);
    controller.free_turn(away_);
}

// What a thread does that stands at no gate, as the kernel tells.
model::PendingView StepPlayer::away_in_kernel(std::uint32_t fiber) const {
    const sched::Standing standing = gate_->controller().standing();
    trace::Operation away = standing.pending[fiber];
    away.kind = trace::OperationKind::kOutside;
    model::PendingView view = document_.place_of(history_.number_of(fiber), away, standing.callers[fiber]);
    view.enabled = false;
    view.obstacle = {"pending.in_kernel", view.what.arguments, view.thread};
    const kernel::ThreadNow now = kernel::thread_now(ThreadId(gate_->controller().tid(fiber)));
    if (now.state == 'R') view.obstacle.key = "pending.computes";
    if (now.state != 'R' && now.syscall >= 0) {
        const std::string call(model::syscall_name(now.syscall));
        view.obstacle.key = "pending.in_call";
        view.obstacle.arguments["call"] = call.empty() ? "#" + std::to_string(now.syscall) : call;
    }
    view.obstacle.arguments["state"] = std::string(1, now.state);
    return view;
}

void StepPlayer::show_those_away(model::StepView& view) const {
    const sched::Standing standing = gate_->controller().standing();
    for (std::uint32_t fiber = 0; fiber < gate_->controller().threads(); ++fiber) {
        const bool outside =
            (standing.alive >> fiber & 1) != 0 && standing.pending[fiber].kind == trace::OperationKind::kOutside;
        if (!outside && !(away_ && fiber == watched_)) continue;
        const auto shown = std::find_if(view.pending.begin(), view.pending.end(), [&](const model::PendingView& each) {
            return each.thread == history_.number_of(fiber);
        });
        if (shown != view.pending.end()) *shown = away_in_kernel(fiber);
    }
}

model::StepView StepPlayer::view(std::uint64_t playhead) {
    model::StepView view = history_.view(playhead, manner_.spurious);
    view.policy = manner_.policy;
    view.granularity = manner_.granularity;
    view.saved = gate_ == nullptr;
    if (gate_ == nullptr) return view;
    view.standing = view.standing || gate_->controller().waits();
    if (view.step == view.steps && view.over.empty()) show_those_away(view);
    return view;
}

}  // namespace heddle::session
