// Workbench: the run that is open, or the exploration, and the small run that moves on the home page. Starts and ends sessions,
// chooses a speed at which a run can be followed, and plays the demonstration again and again. Main thread; never blocks for
// long.
#pragma once

#include <ctime>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "app/shell/command.h"
#include "app/shell/demo_span.h"
#include "app/shell/kept_launches.h"
#include "core/catalog/own_program.h"
#include "core/session/explore_session.h"
#include "core/session/session.h"

namespace heddle::shell {

// When a saved run's file was written.
std::time_t date_of(const std::filesystem::path& file);

class Workbench {
public:
    // wake is called on a session's thread after each new snapshot. catalog outlives the workbench.
    Workbench(const catalog::Catalog& catalog, void (*wake)(void*), void* context);

    // What own programs got before; what they get from here on is kept there.
    void remember_launches(KeptLaunches launches) { launches_ = std::move(launches); }

    // wish.id: of the catalog, of an own program that is known, or paths of one (catalog::is_own_id).
    Result<> open(const OpenScenario& wish);
    // Remembers how an own program is built and run; returns the id by which it is opened. Also checks a scenario's id.
    Result<std::string> know(const catalog::OwnProgram& wanted);
    // What an own program gets: its arguments, what it reads, and its compiler's flags, from now on and in each mode. Runs it
    // again as it ran.
    // input: nullopt: as it was; empty: nothing can be read.
    Result<> launch_with(const LaunchWith& wish);
    Result<> open_file(const std::filesystem::path& file);
    Result<> restart();
    // Explores until the race is found, then steps through it the other way round.
    Result<> show_other_order(const ShowOtherOrder& wish);
    Result<> save(const std::filesystem::path& file);
    void close();
    void post(const model::PlaybackCommand& command);

    // Once a frame: adjusts speeds, goes on with the demonstration. Seconds until it wants to be asked again; nullopt: no need.
    std::optional<double> tick(double now);

    const catalog::Scenario* scenario() const { return run_.scenario.get(); }
    // nullptr: it is a scenario of the catalog, or nothing is open.
    const catalog::OwnProgram* own_program() const;
    bool has_run() const { return run_.session != nullptr || run_.exploration != nullptr; }
    std::time_t date() const { return run_.date; }  // of a saved run; 0: today
    bool is_saved() const { return run_.saved; }
    // Also a saved run begins anew, live, unless its scenario is not installed.
    bool can_restart() const { return has_run() && run_.scenario != nullptr; }
    std::shared_ptr<const model::Snapshot> snapshot() const;
    std::shared_ptr<const model::Snapshot> demo() const;
    // The scenario whose run was just seen to its end; empty otherwise.
    std::string take_finished();
    // Once, after an exploration that was to show a race the other way round did not find it.
    bool take_missed_race() { return std::exchange(missed_race_, false); }

private:
    struct Run {
        std::shared_ptr<const catalog::Scenario> scenario;
        OpenScenario wish;
        bool saved = false;
        bool speed_chosen = false;  // by the person
        double speed = 0.001;       // posted last
        bool finished = false;      // was told
        std::unique_ptr<session::Session> session = nullptr;
        std::time_t date = 0;
        std::unique_ptr<session::ExploreSession> exploration = nullptr;  // in its place
        std::vector<model::FindingPlace> wanted_race = {};               // that it is to show the other way round
    };
    Result<std::shared_ptr<const catalog::Scenario>> find(const std::string& id) const;
    Result<> open_exploration(std::shared_ptr<const catalog::Scenario> scenario, const OpenScenario& wish);
    void retire(std::unique_ptr<session::Session> session);
    void retire(std::unique_ptr<session::ExploreSession> exploration);
    void retire_all();
    void start_demo();
    void play_demo();
    void follow_speed(Run& run) const;
    void follow_wanted_race();

    const catalog::Catalog& catalog_;
    void (*wake_)(void*);
    void* context_;
    std::map<std::string, catalog::OwnProgram> own_programs_;  // by id
    KeptLaunches launches_;
    Run run_;
    std::unique_ptr<session::Session> demo_;
    bool missed_race_ = false;
    std::vector<std::future<void>> retired_;  // sessions that are ending
    bool demo_failed_ = false, demo_seeking_ = false;
    std::optional<DemoSpan> demo_span_;
    std::optional<double> demo_ended_;  // when its playhead reached the end
};

}  // namespace heddle::shell
