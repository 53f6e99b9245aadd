// Run, Step and Explore of one scenario: what is opened when a person goes from one to another. Pure but for the commands they
// queue.
#pragma once

#include "app/shell/command.h"
#include "core/catalog/scenario.h"
#include "core/model/snapshot.h"

namespace heddle::shell {

model::Mode mode_of(const model::RunInfo& run);

// A scenario from the catalogue: a level is played by stepping, all else runs.
OpenScenario as_it_begins(const catalog::Scenario& scenario);
// The same variant in another mode. Parameters that the person set stay; the others are that mode's own, for Step and Explore
// want small programs.
OpenScenario in_mode(const catalog::Scenario& scenario, const model::RunInfo& run, model::Mode mode);
// Another variant or other parameters in the same mode.
OpenScenario in_same_mode(const model::RunInfo& run, const std::string& variant,
                          const std::map<std::string, std::int64_t>& parameters);
// The very same program, explored in another manner.
void explore_so(const model::RunInfo& run, const model::ExploreManner& manner, Commands& commands);
// The very same program, in Step, along a schedule that was found.
void step_through(const model::RunInfo& run, const std::string& schedule, Commands& commands);

}  // namespace heddle::shell
