// Gate: what a recorded run has besides when its threads take turns (Step): the board, Heddle's side of it, and what the turns
// mean for the log: who is dispatched, stopped, waits or is woken comes from the gate, not from the kernel's switches, of which
// each hand-over makes two. Belongs to the session's thread.
#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/session/shared_board.h"
#include "core/session/step_clock.h"
#include "core/session/step_source.h"
#include "core/trace/event_log.h"

namespace heddle::session {

class Gate final : public StepSource {
public:
    explicit Gate(SharedBoard board, CpuId cpu) : board_(std::move(board)), controller_(board_.board()), cpu_(cpu) {}

    int fd() const { return board_.fd(); }
    sched::Controller& controller() { return controller_; }
    const sched::Controller& controller() const { return controller_; }

    // Whether all stand still, or wait for something from outside, before what they did is read: nothing of it is missed then.
    void look() { stood_ = controller_.stands() || controller_.ended(), waited_ = controller_.waits(); }
    bool stood() const { return stood_; }
    bool waited() const { return waited_; }
    void go(const sched::Course& course) {
        stood_ = waited_ = false;
        controller_.go(course);
    }
    // What has happened at the gate since the last call, at the machine's time; after look().
    void take_events(ProcessId pid, trace::EventLog& log, std::vector<trace::PackedEvent>& out);
    // The machine's time of each becomes the time that is shown.
    void stamp(std::vector<trace::PackedEvent>& events) const;
    Nanoseconds shown(Nanoseconds time) const { return Nanoseconds(clock_.shown(time.count())); }

    const std::vector<sched::MadeStep>& steps() const override { return controller_.steps(); }
    Nanoseconds step_time(std::size_t i) const override { return shown(Nanoseconds(controller_.steps()[i].released)); }
    std::uint32_t threads() const override { return controller_.threads(); }
    std::int32_t tid(std::uint32_t thread) const override { return controller_.tid(thread); }
    bool stands() const override { return controller_.stands(); }
    sched::Standing standing() const override { return controller_.standing(); }
    std::optional<sched::Ended> ended() const override { return controller_.ended(); }

private:
    struct Writer;
    void moment(std::uint64_t enabled, std::int64_t time, Writer& writer);

    SharedBoard board_;
    sched::Controller controller_;
    CpuId cpu_;
    StepClock clock_;
    bool stood_ = false, waited_ = false;
    std::size_t steps_done_ = 0, moments_done_ = 0;
    std::uint64_t known_ = 0, waiting_ = 0, ended_ = 0;
    std::uint64_t standing_ = 0;                  // who could go on, while all stand still
    std::uint32_t running_ = trace::kMostFibers;  // on the CPU; kMostFibers: nobody
};

}  // namespace heddle::session
