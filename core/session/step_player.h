// StepPlayer: the learner's hand on a run whose threads take turns. Makes steps at the gate, goes back and forth between those
// that were made, and says when a step from the past asks for another run: the same one up to there, and then another way.
// Belongs to the session's thread. Waits at most some milliseconds for a step.
#pragma once

#include <optional>

#include "core/model/command.h"
#include "core/sched/schedule.h"
#include "core/session/gate.h"
#include "core/session/playback.h"
#include "core/session/run_document.h"
#include "core/session/step_history.h"

namespace heddle::session {

class StepPlayer {
public:
    // schedule: what is replayed first; empty: the run stands where main begins. Where it ends the others stand still before
    // what concerns each other, even if that is no stop; not so behind a step of the learner (a_step).
    StepPlayer(Gate& gate, RunDocument& document, Playback& playback, sched::Schedule schedule, bool a_step = false);
    // Of a saved run: back and forth between the steps it has.
    StepPlayer(const StepSource& saved, RunDocument& document, Playback& playback);

    // How the learner wants to go on by default; kept when the run begins anew.
    struct Manner {
        model::StepPolicy policy = model::StepPolicy::kRunOn;
        model::Granularity granularity = model::Granularity::kAccess;
        bool playing = false;
        double speed = 0;
        bool spurious = false;  // model::SetSpurious
    };
    const Manner& manner() const { return manner_; }
    void set_manner(const Manner& manner) { manner_ = manner; }

    // True: it was this one's business.
    bool apply(const model::PlaybackCommand& command);
    // Lets wall time pass. True: something may have happened at the gate that is to be collected at once.
    bool advance(Nanoseconds elapsed);
    // The run stands where it was to go, or ended on the way, and log_changed() is still to be told.
    bool has_arrived() const;
    // The log took in what is new; its events from first_changed on are other ones.
    void log_changed(std::uint64_t first_changed);

    // The run that a step from the past asks for; once.
    std::optional<sched::Schedule> take_other_way();
    bool replaying() const { return !shown_; }
    bool playing() const { return manner_.playing; }
    // It stands where it was to go, or (to_the_end) for ever. One that ends by itself does not.
    bool rests(bool to_the_end) const;
    model::StepView view(std::uint64_t playhead);
    // Of a playhead that stands right behind a step: the event that the step is known by.
    std::optional<std::uint64_t> focus(std::uint64_t playhead) { return history_.focus(playhead); }
    // How it ended, where that is a bug or an obstacle.
    std::vector<model::Finding> findings() { return history_.findings(); }
    // Tells of each race how to have it the other way round.
    void add_other_orders(std::vector<model::Finding>& findings);

private:
    enum class Stage : std::uint8_t { kBeforeMain, kReplay, kFree };

    void show(std::size_t step);
    // Who comes to no step for long does not keep the others. True: who can go on is not the same any more.
    bool watch_gate(Nanoseconds elapsed);
    void watch_mover(Nanoseconds elapsed);
    model::PendingView away_in_kernel(std::uint32_t fiber) const;
    void show_those_away(model::StepView& view) const;
    bool can_step() const;
    void begin();
    // choice: in which of its ways the operation comes out.
    void step_live(std::optional<std::uint32_t> fiber, std::uint32_t count = 1, std::uint32_t choice = 0);
    void step(std::optional<std::uint32_t> fiber, std::uint32_t choice = 0);
    // From here on to the next stop, or line, of this thread; nullopt: of whoever the policy lets go.
    void press(std::optional<std::uint32_t> fiber, bool to_next_line);
    void forward();
    void back();
    void show_latest();
    bool is_new_line(std::uint32_t fiber) const;
    std::optional<std::uint32_t> goes_on() const;

    Gate* gate_ = nullptr;  // null: a saved run, in which no more steps are made
    StepHistory history_;
    RunDocument& document_;
    Playback& playback_;
    sched::Schedule schedule_;
    Stage stage_ = Stage::kBeforeMain;
    Manner manner_;
    bool shown_ = false;        // it has come to where it was to begin
    std::uint64_t latest_ = 0;  // the playhead behind the latest step, as it was shown last
    bool awaiting_ = false;     // a step that was asked for
    // The one that goes on to its next stop, or to its next line.
    std::optional<std::uint32_t> mover_;
    bool others_stand_ = false;  // nobody else goes on through what is no stop, but concerns others
    bool to_next_line_ = false;
    model::PendingView line_from_;
    std::uint32_t more_steps_ = 0;
    bool looks_elsewhere_ = false;  // since the last press: what comes of it does not take the learner there
    std::optional<sched::Schedule> other_way_;
    Nanoseconds since_step_{};
    std::uint64_t enabled_ = 0, alive_ = 0;  // as it was seen last
    std::uint32_t described_ = 0;
    // The thread that is on its way, since which step, and for how long.
    std::uint32_t watched_ = trace::kMostFibers;
    std::size_t watched_at_ = 0;
    Nanoseconds watched_for_{}, ran_before_{};
    Nanoseconds waited_{};  // for something from outside
    bool away_ = false;     // it computes or waits in the kernel
};

}  // namespace heddle::session
