#include "core/session/exploration.h"

#include <algorithm>

#include "core/catalog/expression.h"
#include "core/catalog/program_builder.h"
#include "core/session/explored_program.h"
#include "core/session/installation.h"

namespace heddle::session {
namespace {

using trace::Operation;
using trace::OperationKind;

// Who holds each lock after these steps.
std::map<std::uint64_t, int> holders_after(const std::vector<trace::Step>& steps) {
    std::map<std::uint64_t, int> holders;
    for (const trace::Step& step : steps) {
        const Operation& operation = step.operation;
        const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
        if (operation.kind == OperationKind::kLock || (operation.kind == OperationKind::kTryLock && !failed)) {
            holders[operation.object] = step.thread;
        } else if (operation.kind == OperationKind::kUnlock) {
            holders.erase(operation.object);
        } else if (operation.kind == OperationKind::kWait || operation.kind == OperationKind::kTimedWait) {
            holders.erase(operation.second);
        }
    }
    return holders;
}

// The circle of threads that wait for each other.
std::vector<int> find_cycle(const explore::Bug& bug) {
    const std::map<std::uint64_t, int> holders = holders_after(bug.steps);
    std::vector<int> waits_for(bug.pending.size(), -1);
    for (std::size_t thread = 0; thread < bug.pending.size(); ++thread) {
        if ((bug.alive >> thread & 1) == 0) continue;
        const Operation& pending = bug.pending[thread];
        if (pending.kind == OperationKind::kJoin) waits_for[thread] = static_cast<int>(pending.object);
        if (pending.kind != OperationKind::kLock || (pending.second != 0 && pending.value == 0)) continue;
        const auto holder = holders.find(pending.object);
        if (holder != holders.end()) waits_for[thread] = holder->second;
    }
    for (std::size_t first = 0; first < waits_for.size(); ++first) {
        std::vector<int> path;
        int at = static_cast<int>(first);
        while (at >= 0 && std::find(path.begin(), path.end(), at) == path.end()) {
            path.push_back(at);
            at = waits_for[static_cast<std::size_t>(at)];
        }
        if (at != static_cast<int>(first)) continue;
        for (int& thread : path) ++thread;
        return path;
    }
    return {};
}

FoundBug in_words(const explore::Bug& bug, ExploredProgram& program) {
    FoundBug found;
    found.kind = bug.kind;
    found.text = bug.text;
    found.schedule = sched::to_text(bug.schedule);
    found.preemptions = bug.preemptions;
    found.count = bug.count;
    for (const trace::Step& step : bug.steps) found.steps.push_back(program.words(step));
    for (const std::uint32_t at : bug.at) found.at.push_back(found.steps[at]);
    for (std::size_t thread = 0; thread < bug.pending.size(); ++thread) {
        if ((bug.alive >> thread & 1) == 0) continue;
        found.waiting.push_back(program.words(static_cast<int>(thread), bug.pending[thread], bug.pending_callers[thread]));
    }
    if (bug.kind == "deadlock") found.cycle = find_cycle(bug);
    Operation place;
    place.pc = bug.pc;
    const StepText shown = !found.at.empty() ? found.at.back() : bug.pc != 0 ? program.words(0, place) : StepText{};
    found.file = shown.file;
    found.line = shown.line;
    return found;
}

struct Prepared {
    std::unique_ptr<ExploreLab> lab;
    ExploredProgram program;
};

Result<Prepared> prepare(const ExplorationRequest& request) {
    const Installation installation = TRY(find_installation());
    ExploreLab::Options options;
    options.supervisor = installation.lab;
    options.fibers = installation.fibers;
    options.command = {std::filesystem::absolute(request.program).string()};
    options.command.insert(options.command.end(), request.arguments.begin(), request.arguments.end());
    auto lab = TRY(ExploreLab::start(std::move(options)));
    ExploredProgram program = TRY(ExploredProgram::load(request.program, *lab));
    return Prepared{std::move(lab), std::move(program)};
}

explore::ExploreHooks::Judgement judge(const ExplorationRequest& request, ExploredProgram& program,
                                       const explore::Execution& execution) {
    explore::ExploreHooks::Judgement judgement;
    judgement.value = program.end_in_words(execution);
    if (request.expect.empty() || execution.ending != trace::Ending::kFinished) return judgement;
    const auto verdict = catalog::evaluate(request.expect, EndFacts(program, execution, request.parameters));
    if (!verdict) {
        judgement.wrong = verdict.error().message();
    } else if (!verdict->ok) {
        judgement.wrong = verdict->detail;
    }
    return judgement;
}

}  // namespace

std::string_view operation_name(OperationKind kind) {
    using K = OperationKind;
    switch (kind) {
        case K::kNone:
            return "";
        case K::kStart:
            return "start";
        case K::kEnd:
            return "end";
        case K::kCreate:
            return "create";
        case K::kJoin:
            return "join";
        case K::kRead:
            return "read";
        case K::kWrite:
            return "write";
        case K::kUpdate:
            return "update";
        case K::kFence:
            return "fence";
        case K::kLock:
            return "lock";
        case K::kTryLock:
            return "try_lock";
        case K::kReadLock:
            return "read_lock";
        case K::kTryReadLock:
            return "try_read_lock";
        case K::kUnlock:
            return "unlock";
        case K::kWait:
            return "wait";
        case K::kTimedWait:
            return "timed_wait";
        case K::kSignal:
            return "signal";
        case K::kBroadcast:
            return "broadcast";
        case K::kAcquirePermit:
            return "acquire_permit";
        case K::kTryAcquirePermit:
            return "try_acquire_permit";
        case K::kReleasePermit:
            return "release_permit";
        case K::kArrive:
            return "arrive";
        case K::kLeave:
            return "leave";
        case K::kFutexWait:
            return "futex_wait";
        case K::kFutexResume:
            return "futex_resume";
        case K::kFutexWake:
            return "futex_wake";
        case K::kOutput:
            return "output";
        case K::kExit:
            return "exit";
    }
    return "";
}

ExplorationRequest exploration_of(const catalog::Scenario& scenario, const std::map<std::string, std::int64_t>& parameters) {
    ExplorationRequest request;
    for (const catalog::Parameter& parameter : scenario.parameters)
        request.parameters[parameter.name] = parameter.default_value;
    for (const auto& [name, value] : scenario.explore.parameters) request.parameters[name] = value;
    for (const auto& [name, value] : parameters) request.parameters[name] = value;
    for (const catalog::Parameter& parameter : scenario.parameters) {
        request.arguments.push_back(std::to_string(request.parameters[parameter.name]));
    }
    request.expect = scenario.explore.expect;
    return request;
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
    const bool expects_none = claim.explore == "none";
    request.options.all = expects_none;
    if (!expects_none) request.options.stop_at = claim.explore;
    const Exploration exploration = TRY(explore_program(request));
    const explore::ExploreReport& report = exploration.report;
    const auto bug = std::find_if(exploration.bugs.begin(), exploration.bugs.end(),
                                  [&](const FoundBug& each) { return expects_none || each.kind == claim.explore; });
    model::ClaimResult result{claim.id, false, true, ""};
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f s", report.seconds);
    const std::string effort = std::to_string(report.executions) + " executions, " + seconds;
    if (bug != exploration.bugs.end()) {
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
    hooks.progress = request.progress;
    Exploration exploration;
    exploration.report = TRY(explore::explore(*prepared.lab, *prepared.lab, request.options, hooks));
    for (const explore::Bug& bug : exploration.report.bugs) exploration.bugs.push_back(in_words(bug, prepared.program));
    return exploration;
}

Result<std::vector<std::string>> replay_schedule(const ExplorationRequest& request, const std::string& schedule, int times) {
    const sched::Schedule parsed = TRY(sched::parse_schedule(schedule));
    Prepared prepared = TRY(prepare(request));
    std::vector<std::string> kinds;
    for (int i = 0; i < times; ++i) {
        const explore::Execution execution = TRY(prepared.lab->replay(parsed.blocks, trace::kMostSteps - 1));
        if (execution.ending == trace::Ending::kDiverged) {
            return fail("the schedule does not fit the program",
                        "step " + std::to_string(execution.value + 1) + ": " + std::string(execution.text),
                        "use it with the program, the arguments and the build that it was found with");
        }
        std::string kind = explore::kind_of(execution);
        if (kind.empty() && judge(request, prepared.program, execution).wrong) kind = "wrong-result";
        kinds.push_back(std::move(kind));
    }
    return kinds;
}

}  // namespace heddle::session
