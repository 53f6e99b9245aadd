#include "app/shell/workbench.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "app/shell/modes.h"
#include "app/shell/other_order.h"
#include "app/shell/speed.h"
#include "core/session/kept_input.h"

namespace heddle::shell {
namespace {

constexpr std::string_view kDemo = "races/lost-update";
constexpr double kDemoPause = 2.5;  // seconds at its end, to read the result

// The catalog's own, which outlives whoever holds it.
std::shared_ptr<const catalog::Scenario> lent(const catalog::Scenario* scenario) {
    return {std::shared_ptr<void>(), scenario};
}

bool at_end(const model::Snapshot& snapshot) {
    return snapshot.status == model::RunStatus::kEnded && snapshot.log.size() > 0 && snapshot.playhead >= snapshot.log.size();
}

}  // namespace

std::time_t date_of(const std::filesystem::path& file) {
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0 ? facts.st_mtime : 0;
}

Workbench::Workbench(const catalog::Catalog& catalog, void (*wake)(void*), void* context)
    : catalog_(catalog), wake_(wake), context_(context) {}

Result<std::string> Workbench::know(const catalog::OwnProgram& wanted) {
    const catalog::Scenario scenario = TRY(catalog::find_scenario(catalog_, wanted));
    if (!catalog::is_own_id(scenario.id)) return scenario.id;
    // Chosen once more in the window: with what it got there before.
    const bool bare = wanted.arguments.empty() && wanted.input.empty() && wanted.compiler.empty();
    if (bare && own_programs_.contains(scenario.id)) return scenario.id;
    catalog::OwnProgram own = wanted;
    TRY(launches_.recall(scenario.id, own));
    own_programs_[scenario.id] = std::move(own);
    return scenario.id;
}

const catalog::OwnProgram* Workbench::own_program() const {
    if (run_.scenario == nullptr) return nullptr;
    const auto known = own_programs_.find(run_.scenario->id);
    return known != own_programs_.end() ? &known->second : nullptr;
}

Result<> Workbench::launch_with(const LaunchWith& wish) {
    if (own_program() == nullptr) return {};
    catalog::OwnProgram changed = *own_program();
    changed.arguments = wish.arguments, changed.flags = wish.flags, changed.flags_beside_program = true;
    if (wish.input) {
        changed.input.clear(), changed.input_name.clear(), changed.keeps_input.reset();
        if (!wish.input->empty()) TRY(session::give_input(changed, *wish.input));
    }
    if (const auto kept = launches_.keep(run_.scenario->id, changed); !kept) spdlog::warn("{}", kept.error().message());
    own_programs_[run_.scenario->id] = std::move(changed);
    OpenScenario again = run_.wish;
    again.schedule.clear();  // of a run that got something else
    return open(again);
}

// One's own program is looked at again each time: there may be more files in its folder by now.
Result<std::shared_ptr<const catalog::Scenario>> Workbench::find(const std::string& id) const {
    if (!catalog::is_own_id(id)) {
        const catalog::Scenario* const scenario = TRY(catalog_.find(id));
        return lent(scenario);
    }
    const auto known = own_programs_.find(id);
    catalog::OwnProgram own = known != own_programs_.end() ? known->second : catalog::OwnProgram{};
    if (own.targets.empty()) own.targets = catalog::targets_of_id(id);
    return std::make_shared<const catalog::Scenario>(TRY(catalog::own_program(own)));
}

Result<> Workbench::open(const OpenScenario& wish) {
    const auto scenario = TRY(find(wish.id));
    if (wish.mode == model::Mode::kExplore) return open_exploration(scenario, wish);
    session::RunRequest request;
    request.scenario = *scenario;
    request.variant = wish.variant;
    request.parameters = wish.parameters;
    request.mode = wish.mode;
    request.schedule = wish.schedule;
    request.manner = wish.manner;
    request.start_playing = true;
    auto session = TRY(session::Session::start(std::move(request)));
    session->on_new_snapshot(wake_, context_);
    retire_all();
    run_ = {scenario, wish, false, false, 0.001, false, std::move(session), 0};
    return {};
}

Result<> Workbench::open_file(const std::filesystem::path& file) {
    auto session = TRY(session::Session::open(file));
    const model::RunInfo run = session->snapshot()->run;
    const auto found = catalog_.find(run.scenario);
    std::shared_ptr<const catalog::Scenario> scenario;
    if (found) scenario = lent(*found);
    if (found) session = TRY(session::Session::open(file, *scenario));
    // Whoever goes on from it does so with the same arguments and input.
    if (const auto& own = session->own_program()) {
        scenario = std::make_shared<const catalog::Scenario>(catalog::named_program(*own, run.variant));
        own_programs_[run.scenario] = *own;
    }
    session->on_new_snapshot(wake_, context_);
    if (!session->snapshot()->step) {  // else it stands at the step at which it was saved
        session->post(model::GoToStart{});
        session->post(model::Play{});
    }
    retire_all();
    const OpenScenario anew{run.scenario, run.variant, run.parameters, mode_of(run), "", run.manner};
    run_ = {scenario, anew, true, false, 0.001, false, std::move(session), date_of(file)};
    return {};
}

Result<> Workbench::open_exploration(std::shared_ptr<const catalog::Scenario> scenario, const OpenScenario& wish) {
    session::RunRequest request;
    request.scenario = *scenario;
    request.variant = wish.variant;
    request.parameters = wish.parameters;
    request.manner = wish.manner;
    auto exploration = TRY(session::ExploreSession::start(std::move(request)));
    exploration->on_new_snapshot(wake_, context_);
    retire_all();
    run_ = {};
    run_.scenario = std::move(scenario), run_.wish = wish;
    run_.exploration = std::move(exploration);
    return {};
}

void Workbench::close() {
    retire(std::move(run_.session));
    retire(std::move(run_.exploration));
    run_ = {};
}

// A session that compiles or records ends in its own time; the window does not stand still meanwhile.
void Workbench::retire(std::unique_ptr<session::Session> session) {
    std::erase_if(retired_,
                  [](const auto& ending) { return ending.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    if (!session) return;
    session->on_new_snapshot(nullptr, nullptr);
    session->post(model::StopRun{});
    retired_.push_back(std::async(std::launch::async, [ending = std::move(session)]() mutable { ending.reset(); }));
}

void Workbench::retire(std::unique_ptr<session::ExploreSession> exploration) {
    if (!exploration) return;
    exploration->on_new_snapshot(nullptr, nullptr);
    exploration->cancel();
    retired_.push_back(std::async(std::launch::async, [ending = std::move(exploration)]() mutable { ending.reset(); }));
}

// The home page is left, or the run before ends: neither should take time from the next one.
void Workbench::retire_all() {
    retire(std::move(demo_));
    retire(std::move(run_.session));
    retire(std::move(run_.exploration));
}

Result<> Workbench::restart() {
    if (!can_restart()) return {};
    return open(OpenScenario(run_.wish));
}

Result<> Workbench::show_other_order(const ShowOtherOrder& wish) {
    OpenScenario exploring{wish.id, wish.variant, {}, model::Mode::kExplore};
    TRY(open(exploring));
    run_.wanted_race = wish.places;
    return {};
}

void Workbench::follow_wanted_race() {
    if (!run_.exploration || run_.wanted_race.empty()) return;
    const auto snapshot = run_.exploration->snapshot();
    if (const auto schedule = other_order_of(*snapshot->exploration, run_.wanted_race)) {
        const model::RunInfo run = snapshot->run;
        run_.wanted_race.clear();
        missed_race_ = !open({run.scenario, run.variant, run.parameters, model::Mode::kStep, *schedule});
    } else if (!snapshot->exploration->at_work()) {
        run_.wanted_race.clear();
        missed_race_ = true;
    }
}

Result<> Workbench::save(const std::filesystem::path& file) {
    if (!run_.session) return fail("there is no run to save", file.string());
    return run_.session->save(file);
}

void Workbench::post(const model::PlaybackCommand& command) {
    if (run_.exploration && std::holds_alternative<model::StopRun>(command)) run_.exploration->cancel();
    if (!run_.session) return;
    if (const auto* const set = std::get_if<model::SetSpeed>(&command)) run_.speed_chosen = true, run_.speed = set->speed;
    run_.session->post(command);
}

std::shared_ptr<const model::Snapshot> Workbench::snapshot() const {
    if (!has_run()) return nullptr;
    if (run_.exploration) return run_.exploration->snapshot();
    const auto snapshot = run_.session->snapshot();
    if (!snapshot->run.scenario.empty() || run_.scenario == nullptr) return snapshot;
    // The session's first word is yet to come: what was asked for is known already.
    auto asked = std::make_shared<model::Snapshot>(*snapshot);
    asked->run.scenario = run_.scenario->id;
    asked->run.variant = run_.wish.variant.empty() ? run_.scenario->variants.front().id : run_.wish.variant;
    asked->run.parameters = run_.wish.parameters;
    return asked;
}

std::shared_ptr<const model::Snapshot> Workbench::demo() const {
    return demo_ ? demo_->snapshot() : nullptr;
}

void Workbench::start_demo() {
    const auto scenario = catalog_.find(kDemo);
    demo_failed_ = true;
    if (!scenario) return;
    session::RunRequest request;
    request.scenario = **scenario;
    // Enough for the threads to be there at the same time; only the part around a lost update is played.
    if ((*scenario)->parameter("increments") != nullptr) request.parameters["increments"] = 20000;
    auto session = session::Session::start(std::move(request));
    if (!session) return;
    demo_failed_ = false;
    demo_ = std::move(*session);
    demo_->on_new_snapshot(wake_, context_);
    demo_span_.reset(), demo_ended_.reset();
}

// Only ever faster, and not once the person chose: nothing changes under their hands.
void Workbench::follow_speed(Run& run) const {
    const auto snapshot = run.session->snapshot();
    const bool ended = snapshot->status == model::RunStatus::kEnded;
    if (run.speed_chosen || snapshot->step || (!ended && snapshot->status != model::RunStatus::kRunning)) return;
    const double wanted = fitting_speed(snapshot->live_time - snapshot->start_time, snapshot->log.size(), ended);
    const bool event_by_event = wanted == 0 && run.speed == 0.001;
    if (wanted > run.speed || event_by_event) run.session->post(model::SetSpeed{wanted}), run.speed = wanted;
}

std::optional<double> Workbench::tick(double now) {
    if (has_run()) {
        if (run_.session) follow_speed(run_);
        follow_wanted_race();
        return std::nullopt;
    }
    if (!demo_ && !demo_failed_) start_demo();
    if (!demo_) return std::nullopt;
    const auto snapshot = demo_->snapshot();
    if (snapshot->status != model::RunStatus::kEnded) return std::nullopt;
    if (!demo_span_) {
        demo_span_ = find_demo_span(snapshot->log).value_or(DemoSpan{0, snapshot->log.size(), false});
        demo_->post(model::SetSpeed{0});
        play_demo();
        return std::nullopt;
    }
    // Until the session has answered, the snapshot still shows where the playhead was before.
    if (demo_seeking_ && snapshot->playhead >= demo_span_->end) return std::nullopt;
    demo_seeking_ = false;
    if (snapshot->playhead < demo_span_->end) {
        demo_ended_.reset();
        return std::nullopt;
    }
    if (!demo_ended_) {
        demo_ended_ = now;
        demo_->post(model::Pause{});
    }
    const double left = *demo_ended_ + kDemoPause - now;
    if (left > 0) return left;
    play_demo();
    return std::nullopt;
}

void Workbench::play_demo() {
    demo_seeking_ = true;
    demo_ended_.reset();
    demo_->post(model::SeekEvent{demo_span_->begin});
    demo_->post(model::Play{});
}

std::string Workbench::take_finished() {
    if (!has_run() || run_.finished || run_.scenario == nullptr || run_.scenario->chapter.empty()) return {};
    if (run_.exploration ? run_.exploration->snapshot()->status != model::RunStatus::kEnded
                         : !at_end(*run_.session->snapshot()))
        return {};
    run_.finished = true;
    return run_.scenario->id;
}

}  // namespace heddle::shell
