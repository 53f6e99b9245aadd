// heddle check: runs the programs as often as their claims ask and says for each claim whether it held on this machine.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "app/commands/commands.h"
#include "core/catalog/claims.h"
#include "core/session/exploration.h"
#include "core/session/session.h"

namespace heddle::commands {
namespace {

struct Checked {
    std::string scenario, variant;
    model::ClaimResult result;
    std::size_t runs = 0, held = 0;
    std::string skipped;  // the facility without which it cannot be checked here
};

// One claim on one variant, run by run until it is decided.
Result<Checked> check_claim(const catalog::Scenario& scenario, const std::string& variant, const catalog::Claim& claim) {
    Checked checked{scenario.id, variant, {}, 0, 0, ""};
    if (!claim.explore.empty()) {
        checked.result = TRY(session::check_explore_claim(scenario, *scenario.variant(variant), claim));
        checked.runs = 1;
        checked.held = checked.result.ok ? 1 : 0;
        return checked;
    }
    std::vector<model::ClaimResult> results;
    while (catalog::wants_another_run(claim, results)) {
        session::RunRequest request;
        request.scenario = scenario;
        request.variant = variant;
        request.parameters = claim.parameters;
        const auto session = TRY(session::Session::start(std::move(request)));
        const auto snapshot = session->wait();
        if (snapshot->status == model::RunStatus::kFailed) return fail(snapshot->failure, scenario.id + " " + variant);
        const bool missing = std::any_of(snapshot->unavailable.begin(), snapshot->unavailable.end(),
                                         [&](const Unavailable& facility) { return facility.facility == claim.needs; });
        if (missing) {
            checked.skipped = claim.needs;
            checked.result = {claim.id, true, true, ""};
            return checked;
        }
        const auto result = std::find_if(snapshot->claims.begin(), snapshot->claims.end(),
                                         [&](const model::ClaimResult& one) { return one.id == claim.id; });
        if (result == snapshot->claims.end()) return fail("the claim was not evaluated", scenario.id + " " + claim.id);
        results.push_back(*result);
    }
    checked.result = catalog::overall(claim, results);
    checked.runs = results.size();
    checked.held = static_cast<std::size_t>(
        std::count_if(results.begin(), results.end(), [](const model::ClaimResult& result) { return result.ok; }));
    return checked;
}

void print(const Checked& checked) {
    const char* const mark = !checked.skipped.empty() ? "-" : checked.result.ok ? "✓" : "✗";
    fmt::print("{} {:<28} {:<14} {:<24} ", mark, checked.scenario, checked.variant, checked.result.id);
    if (checked.skipped.empty()) {
        fmt::print("{}/{}  {}\n", checked.held, checked.runs, checked.result.detail);
    } else {
        fmt::print("needs {}, which this machine does not allow (heddle doctor)\n", checked.skipped);
    }
    std::fflush(stdout);
}

nlohmann::json to_json(const Checked& checked) {
    nlohmann::json object = {{"scenario", checked.scenario},   {"variant", checked.variant}, {"id", checked.result.id},
                             {"ok", checked.result.ok},        {"runs", checked.runs},       {"held", checked.held},
                             {"detail", checked.result.detail}};
    if (!checked.skipped.empty()) object["needs"] = checked.skipped;
    return object;
}

struct Task {
    const catalog::Scenario* scenario;
    const catalog::Variant* variant;
    const catalog::Claim* claim;
};

// Some claims are about who gets how much of the machine: those run alone.
bool wants_the_machine(const catalog::Scenario& scenario) {
    return !scenario.cpus.empty() || scenario.chapter == "scheduling" || scenario.chapter == "process";
}

// Two at a time where that makes no difference: a broken program may well wait for ever, until its time is up. take: called for
// one after the other, in the order of the tasks' ends.
template <typename Take>
void check_all(const std::vector<Task>& tasks, Take take) {
    constexpr unsigned kAtOnce = 2;
    std::mutex mutex;
    const auto one = [&](const Task& task) {
        const Result<Checked> checked = check_claim(*task.scenario, task.variant->id, *task.claim);
        const std::lock_guard lock(mutex);
        take(checked);
    };
    for (const Task& task : tasks) {
        if (wants_the_machine(*task.scenario)) one(task);
    }
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < tasks.size(); i = next++) {
            if (!wants_the_machine(*tasks[i].scenario)) one(tasks[i]);
        }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < kAtOnce; ++i) workers.emplace_back(work);
    for (std::thread& worker : workers) worker.join();
}

}  // namespace

int check(const Common& common, const std::vector<std::string>& ids) {
    const auto installation = session::find_installation();
    if (!installation) return say_error(common, installation.error(), kFailed);
    const auto catalog = load_catalog(*installation);
    if (!catalog) return say_error(common, catalog.error(), kFailed);

    std::vector<const catalog::Scenario*> chosen;
    for (const std::string& id : ids) {
        const auto scenario = catalog->find(id);
        if (!scenario) return say_error(common, scenario.error());
        chosen.push_back(*scenario);
    }
    if (ids.empty()) {
        for (const catalog::Scenario& scenario : catalog->scenarios()) chosen.push_back(&scenario);
    }

    std::vector<Task> tasks;
    for (const catalog::Scenario* scenario : chosen) {
        for (const catalog::Claim& claim : scenario->claims) {
            for (const catalog::Variant& variant : scenario->variants) {
                if (catalog::applies_to(claim, variant.id)) tasks.push_back({scenario, &variant, &claim});
            }
        }
    }
    bool all_ok = catalog->problems().empty();
    nlohmann::json results = nlohmann::json::array();
    std::optional<Error> failure;
    check_all(tasks, [&](const Result<Checked>& checked) {
        if (!checked) {
            failure = checked.error();
            return;
        }
        all_ok = all_ok && checked->result.ok;
        if (common.json) {
            results.push_back(to_json(*checked));
        } else {
            print(*checked);
        }
    });
    if (failure) return say_error(common, *failure, kFailed);
    if (common.json) {
        fmt::print("{}\n", nlohmann::json{{"ok", all_ok}, {"claims", results}}.dump(2, ' ', false,
                                                                                    nlohmann::json::error_handler_t::replace));
    }
    return all_ok ? kDone : kFailed;
}

}  // namespace heddle::commands
