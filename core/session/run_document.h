// RunDocument: a run that can be looked at, while it is recorded or after it was opened: its log folded by an Observatory, and
// the snapshots that come out of it. Belongs to the session's thread.
#pragma once

#include <memory>
#include <optional>

#include "core/catalog/scenario.h"
#include "core/model/conflict_report.h"
#include "core/model/observatory.h"
#include "core/model/pending.h"
#include "core/session/playback.h"
#include "core/session/run_state.h"

namespace heddle::session {

class RunDocument {
public:
    // scenario: null for a saved run whose scenario is not installed; its claims are then not evaluated.
    RunDocument(RunState state, std::optional<catalog::Scenario> scenario);

    // first_changed: as EventLog::insert returned it, the smallest since the last call.
    void take_events(trace::EventLogView log, std::uint64_t first_changed);
    void set_state(RunState state) { state_ = std::move(state); }
    // The run is over and all of it is in the log: findings, claims and answers are worked out.
    void finish();

    const trace::EventLogView& log() const { return observatory_.log(); }
    const RunState& state() const { return state_; }
    Steps steps();
    // What the turns of a stepped run need to be told in terms of the program.
    model::PendingView pending(model::Number thread, const trace::Operation& operation, const trace::Callers& callers,
                               bool enabled, const std::function<model::Number(std::uint64_t)>& number_of,
                               std::uint64_t playhead);
    model::PendingView place_of(model::Number thread, const trace::Operation& operation, const trace::Callers& callers) const;
    bool is_user_code(std::uint64_t pc) const;  // of the first process
    bool is_on_stack_of(model::Number thread, std::uint64_t address) const;
    model::Number number_of(ThreadId tid) const;
    bool is_alive(model::Number thread, std::uint64_t playhead);
    bool worth_showing(std::uint64_t event) const { return observatory_.is_step(event); }
    std::string name_of(std::uint64_t address) const;
    std::shared_ptr<model::Snapshot> snapshot(const model::Transport& transport);

private:
    void look_for_races(std::uint64_t first_changed);

    RunState state_;
    std::optional<catalog::Scenario> scenario_;
    model::Observatory observatory_;
    model::ConflictSearch conflicts_;
    model::ConflictReport conflict_report_;
    std::vector<model::Finding> findings_;
    std::vector<model::ClaimResult> claims_;
    std::vector<std::size_t> right_answers_;
};

}  // namespace heddle::session
