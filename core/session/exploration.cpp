#include "core/session/exploration.h"

#include <algorithm>

#include "core/catalog/claims.h"
#include "core/catalog/expression.h"
#include "core/catalog/program_builder.h"
#include "core/explore/race_check.h"
#include "core/session/exploration_view.h"
#include "core/session/explored_program.h"
#include "core/session/inline_assembly.h"
#include "core/session/installation.h"
#include "core/session/user_sources.h"

namespace heddle::session {
namespace {

struct Prepared {
    std::unique_ptr<ExploreLab> lab;
    ExploredProgram program;
};

Result<Prepared> prepare(const ExplorationRequest& request) {
    const Installation installation = TRY(find_installation());
    // Without them a search would find one way to run and call that all.
    if (!has_hooks(read_program(request.program)))
        return fail("Explore needs a program with Heddle's hooks", request.program.string(), "name its source files instead");
    ExploreLab::Options options;
    options.supervisor = installation.lab;
    options.fibers = installation.fibers;
    options.command = {std::filesystem::absolute(request.program).string()};
    options.cancelled = request.cancelled;
    options.sampled = request.watch != nullptr;
    options.command.insert(options.command.end(), request.arguments.begin(), request.arguments.end());
    options.input = request.input;
    auto lab = TRY(ExploreLab::start(std::move(options)));
    ExploredProgram program = TRY(ExploredProgram::load(request.program, *lab));
    return Prepared{std::move(lab), std::move(program)};
}

explore::ExploreHooks::Judgement judge(const ExplorationRequest& request, ExploredProgram& program,
                                       const explore::Execution& execution) {
    explore::ExploreHooks::Judgement judgement;
    judgement.value = program.end_in_words(execution);
    program.look_at_shared_memory();
    if (request.expect.empty() || execution.ending != trace::Ending::kFinished) return judgement;
    const auto verdict = catalog::evaluate(request.expect, EndFacts(program, execution, request.parameters));
    if (!verdict) {
        judgement.wrong = verdict.error().message();
    } else if (!verdict->ok) {
        judgement.wrong = verdict->detail;
    }
    return judgement;
}

bool is_about_none(const catalog::Claim& claim) {
    return claim.explore == "none";
}

// The first bug that decides the claim: of its kind, or any that it says there is not. Null: none.
const FoundBug* bug_of(const catalog::Claim& claim, const std::vector<FoundBug>& bugs) {
    const auto bug = std::find_if(bugs.begin(), bugs.end(),
                                  [&](const FoundBug& each) { return is_about_none(claim) || each.kind == claim.explore; });
    return bug == bugs.end() ? nullptr : &*bug;
}

}  // namespace

ExplorationRequest exploration_of(const catalog::Scenario& scenario, const std::map<std::string, std::int64_t>& parameters) {
    ExplorationRequest request;
    for (const catalog::Parameter& parameter : scenario.parameters)
        request.parameters[parameter.name] = parameter.default_value;
    for (const auto& [name, value] : scenario.explore.parameters) request.parameters[name] = value;
    for (const auto& [name, value] : parameters) request.parameters[name] = value;
    for (const catalog::Parameter& parameter : scenario.parameters) {
        request.arguments.push_back(std::to_string(request.parameters[parameter.name]));
    }
    request.arguments.insert(request.arguments.end(), scenario.arguments.begin(), scenario.arguments.end());
    request.input = scenario.input;
    request.expect = scenario.explore.expect;
    return request;
}

std::vector<model::ClaimResult> explore_claims(const catalog::Scenario& scenario, const model::RunInfo& run,
                                               const model::ExploreSnapshot& found) {
    std::vector<model::ClaimResult> results;
    if (found.at_work() || found.status == model::ExploreStatus::kFailed) return results;
    if (run.manner.spurious_wakeups) return results;  // the claims say nothing of these
    for (const catalog::Claim& claim : scenario.claims) {
        if (claim.explore.empty() || !catalog::applies_to(claim, run.variant)) continue;
        if (exploration_of(scenario, claim.parameters).parameters != run.parameters) continue;
        const FoundBug* const bug = bug_of(claim, found.bugs);
        const bool complete = found.incomplete.empty();
        const bool ok = is_about_none(claim) ? complete && bug == nullptr : bug != nullptr;
        results.push_back({claim.id, ok, complete || bug != nullptr, bug == nullptr ? "" : bug->schedule});
    }
    return results;
}

Result<model::ClaimResult> check_explore_claim(const catalog::Scenario& scenario, const catalog::Variant& variant,
                                               const catalog::Claim& claim) {
    constexpr double kMostSeconds = 60;
    const Installation installation = TRY(find_installation());
    catalog::BuildOptions build;
    build.prebuilt = installation.prebuilt;
    auto program = catalog::build_program(scenario, variant, build);
    if (!program) return tl::unexpected(Error(program.error()));
    ExplorationRequest request = exploration_of(scenario, claim.parameters);
    request.program = program->path;
    request.options.timeout_s = kMostSeconds;
    const bool expects_none = is_about_none(claim);
    request.options.all = expects_none;
    if (!expects_none) request.options.stop_at = claim.explore;
    const Exploration exploration = TRY(explore_program(request));
    const explore::ExploreReport& report = exploration.report;
    const FoundBug* const bug = bug_of(claim, exploration.bugs);
    model::ClaimResult result{claim.id, false, true, ""};
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f s", report.seconds);
    const std::string effort = std::to_string(report.executions) + " executions, " + seconds;
    if (bug != nullptr) {
        result.ok = !expects_none;
        result.detail =
            bug->kind + ": " + bug->schedule + " (" + std::to_string(bug->preemptions) + " preemptions; " + effort + ")";
    } else {
        result.ok = expects_none && report.verdict == explore::VerdictKind::kNoneComplete;
        result.detail =
            (report.reason.empty() ? "complete, no bug" : "no bug; not complete: " + report.reason) + " (" + effort + ")";
    }
    return result;
}

Result<Exploration> explore_program(const ExplorationRequest& request) {
    Prepared prepared = TRY(prepare(request));
    explore::ExploreHooks hooks;
    hooks.judge = [&](const explore::Execution& execution) { return judge(request, prepared.program, execution); };
    hooks.cancelled = request.cancelled;
    ExplorationView view(*prepared.lab, prepared.program);
    if (request.watch) hooks.carried_out = [&](const explore::Execution& execution) { view.take(execution); };
    hooks.progress = [&](const explore::Progress& progress) {
        if (request.watch && view.is_due()) request.watch(view.so_far(progress));
        return (!request.progress || request.progress(progress)) && (!request.cancelled || !request.cancelled());
    };
    Exploration exploration;
    explore::ExploreOptions options = request.options;
    if (const auto atomic = find_inline_atomic(request.program)) options.unseen = prepared.program.place_in_words(*atomic);
    exploration.report = TRY(explore::explore(*prepared.lab, *prepared.lab, options, hooks));
    for (const explore::Bug& bug : exploration.report.bugs) exploration.bugs.push_back(in_words(bug, prepared.program));
    exploration.needed_threads = prepared.lab->needed_threads();
    if (request.watch) request.watch(view.at_end(exploration));
    return exploration;
}

Result<std::vector<std::string>> replay_schedule(const ExplorationRequest& request, const std::string& schedule, int times) {
    const sched::Schedule parsed = TRY(sched::parse_schedule(schedule));
    Prepared prepared = TRY(prepare(request));
    std::vector<std::string> kinds;
    for (int i = 0; i < times; ++i) {
        const explore::Execution execution =
            TRY(prepared.lab->replay(parsed.blocks, trace::kMostSteps - 1, request.options.spurious_wakeups));
        if (execution.ending == trace::Ending::kDiverged) {
            return fail("the schedule does not fit the program",
                        "step " + std::to_string(execution.value + 1) + ": " + std::string(execution.text),
                        "use it with the program, the arguments and the build that it was found with");
        }
        std::string kind = explore::kind_of(execution);
        if (kind.empty() && judge(request, prepared.program, execution).wrong) kind = "wrong-result";
        if (kind.empty() && explore::RaceCheck().find(execution)) kind = "data-race";
        kinds.push_back(std::move(kind));
    }
    return kinds;
}

}  // namespace heddle::session
