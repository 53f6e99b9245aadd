#include "core/session/run_document.h"

#include <algorithm>

#include "core/catalog/claims.h"
#include "core/catalog/expression.h"
#include "core/model/naming.h"
#include "core/session/facts_of_run.h"
#include "core/symbols/image.h"

namespace heddle::session {
namespace {

model::ObservatoryOptions observatory_options(const RunState& state) {
    model::ObservatoryOptions options;
    options.run = state.info;
    // The program's bytes are the recording's own, so that a rebuilt program never gives an old run wrong names.
    const auto bytes = std::make_shared<const std::string>(state.program_bytes);
    options.load_image = [bytes,
                          program = state.info.program](const std::string& path) -> std::shared_ptr<const symbols::Image> {
        if (path != program || bytes->empty()) return nullptr;
        return symbols::load_image_from_bytes(*bytes, path).value_or(nullptr);
    };
    for (const UserSource& source : state.sources) options.sources.push_back(source.path.string());
    options.read_source = [sources = state.sources](const std::string& wanted) -> std::optional<std::string> {
        for (const UserSource& source : sources)
            if (source.path == wanted) return source.text;
        return std::nullopt;
    };
    return options;
}

}  // namespace

RunDocument::RunDocument(RunState state, std::optional<catalog::Scenario> scenario)
    : state_(std::move(state)),
      scenario_(std::move(scenario)),
      observatory_(observatory_options(state_)),
      conflicts_({.controlled = state_.info.badge == model::Badge::kControlled}) {}

void RunDocument::take_events(trace::EventLogView log, std::uint64_t first_changed) {
    observatory_.append(std::move(log), first_changed);
    look_for_races(first_changed);
}

// While events still come in: those that hardly any will come before, and only so many in one turn that the rings do not fill
// up meanwhile.
void RunDocument::look_for_races(std::uint64_t first_changed) {
    constexpr std::uint64_t kMostInOneTurn = 5000;
    constexpr Nanoseconds kSettled = std::chrono::milliseconds(20);
    if (first_changed < conflicts_.looked_at()) {
        conflicts_ = model::ConflictSearch(conflicts_.options());
        conflict_report_ = {};
    }
    if (log().empty()) return;
    const std::uint64_t settled = log().first_at_or_after(log().time(log().size() - 1) - kSettled);
    conflicts_.look(log(), std::min(settled, conflicts_.looked_at() + kMostInOneTurn));
    conflict_report_.add_races(conflicts_, observatory_);
    findings_ = conflict_report_.findings();
}

void RunDocument::finish() {
    conflicts_.look(log(), log().size());
    conflict_report_.finish(conflicts_, observatory_);
    findings_ = findings_of(state_, log());
    const auto& conflicts = conflict_report_.findings();
    findings_.insert(findings_.end(), conflicts.begin(), conflicts.end());
    // What was saved before its end has not come to what is claimed of it.
    if (!scenario_ || state_.exit.kind == model::ProcessExit::Kind::kRunning) return;
    const FactsOfRun facts(observatory_, state_, findings_.size());
    // Where the learner chose the order: it came out as it should not.
    const bool ended_well = state_.exit.kind == model::ProcessExit::Kind::kExited;
    if (state_.info.mode == "step" && ended_well && !scenario_->explore.expect.empty()) {
        const auto verdict = catalog::evaluate(scenario_->explore.expect, facts);
        if (verdict && !verdict->ok)
            findings_.push_back({"wrong-result", {"finding.wrong-result", {{"detail", verdict->detail}}, model::kNobody}, {}});
    }
    // What this machine does not tell proves no claim wrong: those that need it are left out.
    catalog::Scenario judged = *scenario_;
    std::erase_if(judged.claims, [&](const catalog::Claim& claim) {
        return std::any_of(state_.unavailable.begin(), state_.unavailable.end(),
                           [&](const Unavailable& missing) { return missing.facility == claim.needs; });
    });
    claims_ = catalog::evaluate_claims(judged, state_.info.variant, facts);
    if (scenario_->predict) right_answers_ = catalog::right_answers(*scenario_->predict, facts);
}

Steps RunDocument::steps() {
    return {[this](std::uint64_t playhead) { return observatory_.next_step(playhead); },
            [this](std::uint64_t playhead) { return observatory_.previous_step(playhead); }};
}

model::PendingView RunDocument::pending(model::Number thread, const trace::Operation& operation, const trace::Callers& callers,
                                        bool enabled, const std::function<model::Number(std::uint64_t)>& number_of,
                                        std::uint64_t playhead) {
    if (thread == model::kNobody) return {};
    return model::describe_pending(thread, operation, callers, enabled, observatory_.at(playhead), observatory_.programs(),
                                   number_of);
}

model::PendingView RunDocument::place_of(model::Number thread, const trace::Operation& operation,
                                         const trace::Callers& callers) const {
    if (thread == model::kNobody) return {};
    return model::describe_pending(thread, operation, callers, true, observatory_.live(), observatory_.programs(),
                                   [](std::uint64_t) { return model::kNobody; });
}

bool RunDocument::is_user_code(std::uint64_t pc) const {
    const model::World& world = observatory_.live();
    const model::Program* const program =
        world.process_count() == 0 ? nullptr : observatory_.programs().find(world.process(1).program);
    return program == nullptr || program->place(pc).user;
}

bool RunDocument::is_on_stack_of(model::Number thread, std::uint64_t address) const {
    if (thread == model::kNobody) return false;
    const model::ThreadWorld& world = observatory_.live().thread(thread);
    return address >= world.stack_lowest && address - world.stack_lowest < world.stack_bytes;
}

model::Number RunDocument::number_of(ThreadId tid) const {
    const model::World& world = observatory_.live();
    for (auto number = static_cast<model::Number>(world.thread_count()); number > 0; --number) {
        if (world.thread(number).tid == tid) return number;
    }
    return model::kNobody;
}

bool RunDocument::is_alive(model::Number thread, std::uint64_t playhead) {
    const model::World& world = observatory_.at(playhead);
    return thread <= static_cast<model::Number>(world.thread_count()) &&
           world.thread(thread).state != model::ThreadState::kTerminated;
}

std::string RunDocument::name_of(std::uint64_t address) const {
    const model::World& world = observatory_.live();
    if (world.process_count() == 0) return {};
    const model::ProcessWorld& process = world.process(1);
    return model::name_address(world, process, observatory_.programs().find(process.program), address).name;
}

std::shared_ptr<model::Snapshot> RunDocument::snapshot(const model::Transport& transport) {
    const std::shared_ptr<model::Snapshot> snapshot = observatory_.snapshot(transport);
    snapshot->run = state_.info;
    snapshot->status = state_.status;
    snapshot->failure = state_.failure;
    snapshot->exit = state_.exit;
    snapshot->dropped = state_.dropped;
    snapshot->switches = state_.switches;
    snapshot->unavailable = state_.unavailable;
    snapshot->findings.insert(snapshot->findings.end(), findings_.begin(), findings_.end());
    snapshot->claims = claims_;
    snapshot->right_answers = right_answers_;
    return snapshot;
}

}  // namespace heddle::session
