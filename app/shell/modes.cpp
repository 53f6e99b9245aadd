#include "app/shell/modes.h"

namespace heddle::shell {
namespace {

std::map<std::string, std::int64_t> own_parameters(const catalog::Scenario& scenario, model::Mode mode) {
    std::map<std::string, std::int64_t> values;
    for (const catalog::Parameter& parameter : scenario.parameters) values[parameter.name] = parameter.default_value;
    if (mode == model::Mode::kRun) return values;
    for (const auto& [name, value] : scenario.explore.parameters) values[name] = value;
    return values;
}

}  // namespace

model::Mode mode_of(const model::RunInfo& run) {
    return run.mode == "explore" ? model::Mode::kExplore : run.mode == "step" ? model::Mode::kStep : model::Mode::kRun;
}

OpenScenario as_it_begins(const catalog::Scenario& scenario) {
    return {scenario.id, "", {}, scenario.level ? model::Mode::kStep : model::Mode::kRun};
}

OpenScenario in_mode(const catalog::Scenario& scenario, const model::RunInfo& run, model::Mode mode) {
    const std::map<std::string, std::int64_t> before = own_parameters(scenario, mode_of(run));
    OpenScenario open{scenario.id, run.variant, own_parameters(scenario, mode), mode, "", run.manner};
    for (const auto& [name, value] : run.parameters) {
        const auto own = before.find(name);
        if (own != before.end() && own->second != value) open.parameters[name] = value;
    }
    return open;
}

OpenScenario in_same_mode(const model::RunInfo& run, const std::string& variant,
                          const std::map<std::string, std::int64_t>& parameters) {
    return {run.scenario, variant, parameters, mode_of(run), "", run.manner};
}

void explore_so(const model::RunInfo& run, const model::ExploreManner& manner, Commands& commands) {
    OpenScenario open = in_same_mode(run, run.variant, run.parameters);
    open.manner = manner;
    commands.app.emplace_back(std::move(open));
}

void step_through(const model::RunInfo& run, const std::string& schedule, Commands& commands) {
    if (schedule.empty()) return;
    commands.app.emplace_back(
        OpenScenario{run.scenario, run.variant, run.parameters, model::Mode::kStep, schedule, run.manner});
}

}  // namespace heddle::shell
