// heddle explore: searches the interleavings of a scenario or of one's own program, and says what came of it.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "core/session/exploration.h"

namespace heddle::commands {
namespace {

using nlohmann::json;
using session::FoundBug;
using session::StepText;

constexpr std::size_t kMostStepsShown = 60;

const char* verdict_name(explore::VerdictKind verdict) {
    switch (verdict) {
        case explore::VerdictKind::kBug:
            return "bug";
        case explore::VerdictKind::kNoneComplete:
            return "none-complete";
        case explore::VerdictKind::kNoneBounded:
            return "none-bounded";
    }
    return "";
}

json to_json(const StepText& step) {
    return {{"thread", step.thread},       {"file", step.file},     {"line", step.line},   {"function", step.function},
            {"operation", step.operation}, {"object", step.object}, {"value", step.value}, {"older", step.older}};
}
json to_json(const std::vector<StepText>& steps) {
    json list = json::array();
    for (const StepText& step : steps) list.push_back(to_json(step));
    return list;
}
json to_json(const FoundBug& bug) {
    return {{"kind", bug.kind},
            {"text", bug.text},
            {"schedule", bug.schedule},
            {"preemptions", bug.preemptions},
            {"count", bug.count},
            {"file", bug.file},
            {"line", bug.line},
            {"accesses", to_json(bug.at)},
            {"waiting", to_json(bug.waiting)},
            {"cycle", bug.cycle},
            {"steps", to_json(bug.steps)}};
}

json report_json(const session::Exploration& exploration) {
    const explore::ExploreReport& report = exploration.report;
    json outcomes = json::array(), findings = json::array();
    for (const explore::Outcome& outcome : report.outcomes) {
        json entry = {{"value", outcome.value}, {"count", outcome.count}, {"schedule", sched::to_text(outcome.schedule)}};
        if (!outcome.bug.empty()) entry["bug"] = outcome.bug;
        outcomes.push_back(std::move(entry));
    }
    for (const FoundBug& bug : exploration.bugs) findings.push_back(to_json(bug));
    const FoundBug* const first = exploration.bugs.empty() ? nullptr : &exploration.bugs.front();
    return {{"verdict", verdict_name(report.verdict)},
            {"kind", first ? json(first->kind) : json(nullptr)},
            {"reason", report.reason},
            {"executions", report.executions},
            {"seconds", report.seconds},
            {"executions_per_second", report.seconds > 0 ? static_cast<double>(report.executions) / report.seconds : 0},
            {"schedule", first ? json(first->schedule) : json(nullptr)},
            {"preemptions", first ? json(first->preemptions) : json(nullptr)},
            {"real_runs_for", exploration.needed_threads},
            {"redundant", report.redundant},
            {"impossible", report.impossible},
            {"outcomes", outcomes},
            {"findings", findings}};
}

std::string in_words(const StepText& step) {
    const std::string place =
        step.user_code ? fmt::format("{}:{}", std::filesystem::path(step.file).filename().string(), step.line) : "";
    std::string text = fmt::format("T{}  {:<16} {}", step.thread, place, step.operation);
    if (!step.object.empty()) text += " " + step.object;
    if (!step.value.empty()) text += " (" + step.value + (step.older > 0 ? ", an older value)" : ")");
    return text;
}

void print_bug(const FoundBug& bug) {
    fmt::print("{}{}{}\n", bug.kind, bug.text.empty() ? "" : ": ", bug.text);
    fmt::print("  schedule {} ({} preemptions)\n", bug.schedule, bug.preemptions);
    for (const StepText& step : bug.at) fmt::print("  {}\n", in_words(step));
    for (const StepText& step : bug.waiting) fmt::print("  waits: {}\n", in_words(step));
    if (!bug.cycle.empty()) fmt::print("  each waits for the next: T{}\n", fmt::join(bug.cycle, " -> T"));
    if (bug.steps.size() > kMostStepsShown) return;
    for (const StepText& step : bug.steps) fmt::print("    {}\n", in_words(step));
}

void print(const session::Exploration& exploration) {
    const explore::ExploreReport& report = exploration.report;
    fmt::print("{} after {} executions in {:.3f} s ({:.0f} a second)\n", verdict_name(report.verdict), report.executions,
               report.seconds, report.seconds > 0 ? static_cast<double>(report.executions) / report.seconds : 0);
    if (!exploration.needed_threads.empty())
        fmt::print("each execution was a run of its own, with real threads and processes, for this: {}\n",
                   exploration.needed_threads);
    if (!report.reason.empty()) fmt::print("not complete: {}\n", report.reason);
    for (const FoundBug& bug : exploration.bugs) print_bug(bug);
    for (const explore::Outcome& outcome : report.outcomes) {
        fmt::print("{:>10} × {}{}{}\n", outcome.count, outcome.value, outcome.bug.empty() ? "" : "  <- ", outcome.bug);
    }
}

Result<session::ExplorationRequest> make_request(const ExploreOptions& options, catalog::BuiltProgram& built) {
    const session::Installation installation = TRY(session::find_installation());
    const catalog::Catalog catalog = TRY(load_catalog(installation));
    catalog::OwnProgram program = options.program;
    program.input = TRY(input_file(program.input));
    const catalog::Scenario scenario = TRY(catalog::find_scenario(catalog, program));
    const catalog::Variant* const variant = TRY(find_variant(scenario, options.variant));
    session::ExplorationRequest request = session::exploration_of(scenario, TRY(parse_settings(options.settings)));
    built = TRY(build_variant(scenario, *variant));
    request.program = built.path;
    request.options = options.search;
    return request;
}

int replay(const Common& common, const session::ExplorationRequest& request, const ExploreOptions& options) {
    const auto kinds = session::replay_schedule(request, options.schedule, options.times);
    if (!kinds) return say_error(common, kinds.error());
    std::map<std::string, int> counts;
    for (const std::string& kind : *kinds) ++counts[kind.empty() ? "none" : kind];
    if (common.json) {
        fmt::print("{}\n", json{{"schedule", options.schedule}, {"times", options.times}, {"kinds", counts}}.dump(2));
    } else {
        for (const auto& [kind, count] : counts) fmt::print("{} of {}: {}\n", count, options.times, kind);
    }
    return counts.contains("none") && counts.size() == 1 ? kDone : kFailed;
}

}  // namespace

int explore(const Common& common, const ExploreOptions& options) {
    catalog::BuiltProgram program;
    const auto request = make_request(options, program);
    if (!request) return say_error(common, request.error());
    if (!options.schedule.empty()) return replay(common, *request, options);
    const auto exploration = session::explore_program(*request);
    if (!exploration) return say_error(common, exploration.error(), kFailed);
    if (common.json) {
        fmt::print("{}\n", report_json(*exploration).dump(2, ' ', false, json::error_handler_t::replace));
    } else {
        print(*exploration);
    }
    return exploration->report.verdict == explore::VerdictKind::kBug ? kFailed : kDone;
}

int build(const Common& common, const catalog::OwnProgram& own) {
    const auto scenario = catalog::own_program(own);
    if (!scenario) return say_error(common, scenario.error());
    const auto program = build_variant(*scenario, scenario->variants.front());
    if (!program) return say_error(common, program.error());
    if (common.json) {
        fmt::print("{}\n", json{{"program", program->path.string()}, {"commands", program->command_lines}}.dump(2));
    } else {
        fmt::print("{}\n", program->path.string());
    }
    return kDone;
}

}  // namespace heddle::commands
