// Session: one run of one program under observation, from build to end. It owns the lab and a thread of its own that moves
// events in and snapshots out. Made and destroyed by the front end's thread; post() and snapshot() may be called from any
// thread and never block. Destroying it ends the lab: no process of it stays behind.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/own_program.h"
#include "core/catalog/scenario.h"
#include "core/model/command.h"
#include "core/model/snapshot.h"

namespace heddle::session {

struct RunRequest {
    catalog::Scenario scenario;
    std::string variant;                             // empty: the first
    std::map<std::string, std::int64_t> parameters;  // the others at their defaults
    model::Mode mode = model::Mode::kRun;            // kStep: the threads take turns (kExplore is no run)
    std::string schedule;                            // kStep: replayed first (core/sched/schedule.h)
    bool to_the_end = false;                         // kStep: the threads go on by themselves until none can any more
    model::ExploreManner manner = {};                // of ExploreSession
    bool start_playing = false;  // the window: the playhead starts at the first event and plays; else it follows the live edge
    // nullopt: the scenario's own; of a kStep only with to_the_end; for ExploreSession: as long as a search may take.
    std::optional<double> time_limit_s;
    bool allow_perf = true;  // false: as on a machine that forbids it
};

class Session {
public:
    // Checks the request (unknown variant, parameter, value out of range: an Error that says what is allowed), then builds and
    // runs on its own thread; what goes wrong there is in snapshot()->status and failure.
    static Result<std::unique_ptr<Session>> start(RunRequest request);
    // A saved run: no lab, the same snapshots and commands. scenario: the one it names, where it is installed, for its claims.
    static Result<std::unique_ptr<Session>> open(const std::filesystem::path& file,
                                                 std::optional<catalog::Scenario> scenario = {});
    ~Session();

    void post(model::PlaybackCommand command);
    std::shared_ptr<const model::Snapshot> snapshot() const;  // never null
    // Called on the session's thread after each new snapshot; must be quick (wakes the window's event loop).
    void on_new_snapshot(void (*wake)(void*), void* context);

    // Blocks until the run ended (status kEnded or kFailed) and its snapshot is final; in Step, also until it stands where it
    // was to go.
    std::shared_ptr<const model::Snapshot> wait();
    // The snapshot at another playhead, for pictures; after wait().
    std::shared_ptr<const model::Snapshot> snapshot_at(std::uint64_t playhead);
    // The last playhead up to this one right after an event worth a stop of its own; 0: there is none. After wait().
    std::uint64_t stop_up_to(std::uint64_t playhead);
    // As a saved run's own program was built and run, with what it could read then; nullopt: it is none.
    const std::optional<catalog::OwnProgram>& own_program() const;
    // Saves the run as it is (after wait()).
    Result<> save(const std::filesystem::path& file);

private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace heddle::session
