#include "core/session/gate.h"

#include <algorithm>

namespace heddle::session {
namespace {

using trace::Kind;
using trace::kMostFibers;

// A pause begins when what was still on its way is recorded.
constexpr std::int64_t kBeforePause = 2'000;

constexpr std::uint64_t bit(std::uint32_t thread) {
    return std::uint64_t{1} << thread;
}

}  // namespace

struct Gate::Writer {
    const sched::Controller& controller;
    ProcessId pid;
    CpuId cpu;
    trace::EventLog& log;
    std::vector<trace::PackedEvent>& out;

    // The program's own process, where the board says nothing.
    ProcessId pid_of(std::uint32_t thread) const {
        return controller.pid(thread) > 0 ? ProcessId(controller.pid(thread)) : pid;
    }
    void write(Kind kind, std::uint8_t detail, std::uint32_t thread, std::int64_t time, std::uint64_t value = 0) {
        const std::int32_t tid = controller.tid(thread);
        if (tid <= 0) return;
        trace::PackedEvent event{};
        event.nanoseconds = time;
        event.value = value;
        event.tail = trace::make_tail(kind, detail, 0);
        event.thread = log.thread(ThreadId(tid), pid_of(thread), Nanoseconds(time)).value;
        event.extra = static_cast<std::uint32_t>(cpu.value);
        out.push_back(event);
    }
};

// Who may go on now, and who has to wait.
void Gate::moment(std::uint64_t enabled, std::int64_t time, Writer& writer) {
    for (std::uint32_t thread = 0; thread < controller_.threads(); ++thread) {
        if ((ended_ & bit(thread)) != 0 || controller_.tid(thread) == 0) continue;
        const bool may = (enabled & bit(thread)) != 0, waits = (waiting_ & bit(thread)) != 0;
        const bool fresh = (known_ & bit(thread)) == 0;
        if (fresh && !may) continue;  // not born yet: a new thread may always begin
        known_ |= bit(thread);
        if (may && (waits || (fresh && thread != 0))) {
            const std::uint32_t waker = running_ < kMostFibers ? running_ : 0;
            writer.write(Kind::kWakeUp, 0, thread, time, static_cast<std::uint64_t>(controller_.tid(waker)));
            waiting_ &= ~bit(thread);
        } else if (!may && !waits) {
            writer.write(Kind::kSwitchOut, 0, thread, time);
            waiting_ |= bit(thread);
            if (running_ == thread) running_ = kMostFibers;
        }
    }
}

void Gate::take_events(ProcessId pid, trace::EventLog& log, std::vector<trace::PackedEvent>& out) {
    controller_.update();
    Writer writer{controller_, pid, cpu_, log, out};
    const std::vector<sched::MadeStep>& steps = controller_.steps();
    for (; steps_done_ < steps.size(); ++steps_done_) {
        const sched::MadeStep& made = steps[steps_done_];
        const std::uint32_t thread = made.step.thread;
        clock_.close_pause();
        if (steps_done_ == 0) clock_.begin(made.arrived);
        clock_.add_pause(made.arrived + kBeforePause + 1, made.released);
        if (moments_done_ == steps_done_) {
            // Still within the step before.
            moment(made.step.enabled | bit(thread), std::min(made.arrived + kBeforePause, made.released - 1), writer);
            ++moments_done_;
        }
        if (running_ != thread) {
            if (running_ < kMostFibers && (ended_ & bit(running_)) == 0)
                writer.write(Kind::kSwitchOut, 1, running_, made.released);
            writer.write(Kind::kSwitchIn, 0, thread, made.released);
            running_ = thread;
        }
        if (made.step.operation.kind == trace::OperationKind::kEnd) {
            ended_ |= bit(thread);
            running_ = kMostFibers;
        }
    }
    if (!stood_ || steps.empty() || controller_.gone()) return;
    const sched::Standing standing = controller_.standing();
    if (controller_.ended() && standing.enabled != 0) return;
    if (moments_done_ == steps_done_) {
        moment(standing.enabled, standing.arrived + kBeforePause, writer);
        ++moments_done_;
    } else if (standing.enabled != standing_) {
        moment(standing.enabled, monotonic_now().count(), writer);
    }
    standing_ = standing.enabled;
    if (!controller_.ended()) clock_.open_pause(standing.arrived + kBeforePause + 1);
}

void Gate::stamp(std::vector<trace::PackedEvent>& events) const {
    for (trace::PackedEvent& event : events) event.nanoseconds = clock_.shown(event.nanoseconds);
}

}  // namespace heddle::session
