// Exploring one program from its file: finds its variables and lines, runs the search, and puts what it found in terms of the
// program's source. Blocks for as long as the search takes; progress() may cancel. Any thread, one exploration each.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/catalog/scenario.h"
#include "core/explore/explorer.h"
#include "core/model/exploration.h"

namespace heddle::session {

struct ExplorationRequest {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::filesystem::path input;  // the program's standard input; empty: nothing can be read
    explore::ExploreOptions options;
    // An expression over value("…"), printed("…"), output and these parameters, which holds at the end of every right
    // execution.
    std::string expect;
    std::map<std::string, std::int64_t> parameters;
    std::function<bool(const explore::Progress&)> progress;
    // A few times a second, and once at the end: all that is known. Costs some of the search's time.
    std::function<void(std::shared_ptr<const model::ExploreSnapshot>)> watch;
    std::function<bool()> cancelled;  // asked often, also where there is no progress
};

using model::FoundBug;
using model::StepText;

struct Exploration {
    explore::ExploreReport report;
    std::vector<FoundBug> bugs;
    std::string
        needed_threads;  // the call for which executions were real runs, with kernel threads and processes; empty: none was
};

Result<Exploration> explore_program(const ExplorationRequest& request);
// Runs a schedule as often as asked; the kind of bug of each execution ("" none), and how each ended. An Error says at which
// step a schedule that does not fit the program diverged.
Result<std::vector<std::string>> replay_schedule(const ExplorationRequest& request, const std::string& schedule, int times);

// A scenario's variant with the parameters of its [explore] table and those given: the program's arguments, what is expected.
ExplorationRequest exploration_of(const catalog::Scenario& scenario, const std::map<std::string, std::int64_t>& parameters);

// What the claims about the search come to after one in the window: those that speak of this variant with these parameters.
// One that an unfinished search leaves open is marked as not required.
std::vector<model::ClaimResult> explore_claims(const catalog::Scenario& scenario, const model::RunInfo& run,
                                               const model::ExploreSnapshot& found);
// What a claim about the search comes to: a bug of its kind was found, or, for "none", the search was complete and found
// nothing.
Result<model::ClaimResult> check_explore_claim(const catalog::Scenario& scenario, const catalog::Variant& variant,
                                               const catalog::Claim& claim);

}  // namespace heddle::session
