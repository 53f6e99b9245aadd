// heddle check: runs the programs as often as their claims ask and says for each claim whether it held on this machine.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "core/session/session.h"

namespace heddle::commands {
namespace {

struct Checked {
    std::string scenario, variant, claim, detail;
    bool ok = false;
    int runs = 0, held = 0;
    std::string skipped;  // why it cannot be checked here
};

// One claim on one variant, run by run until it is decided.
Result<Checked> check_claim(const catalog::Scenario& scenario, const std::string& variant, const catalog::Claim& claim) {
    Checked checked{scenario.id, variant, claim.id, "", false, 0, 0, ""};
    for (int i = 0; i < claim.runs; ++i) {
        session::RunRequest request;
        request.scenario = scenario;
        request.variant = variant;
        request.parameters = claim.parameters;
        const auto session = TRY(session::Session::start(std::move(request)));
        const auto snapshot = session->wait();
        if (snapshot->status == model::RunStatus::kFailed) return fail(snapshot->failure, scenario.id + " " + variant);
        const bool here = std::none_of(snapshot->unavailable.begin(), snapshot->unavailable.end(),
                                       [&](const Unavailable& missing) { return missing.facility == claim.needs; });
        if (!here) {
            checked.skipped = claim.needs;
            checked.ok = true;
            return checked;
        }
        const auto result = std::find_if(snapshot->claims.begin(), snapshot->claims.end(),
                                         [&](const model::ClaimResult& one) { return one.id == claim.id; });
        if (result == snapshot->claims.end()) return fail("the claim was not evaluated", scenario.id + " " + claim.id);
        ++checked.runs;
        checked.held += result->ok ? 1 : 0;
        checked.detail = result->detail;
        if (result->ok == claim.any) break;  // decided: any has its witness, all has its counterexample
    }
    checked.ok = claim.any ? checked.held > 0 : checked.held == checked.runs;
    return checked;
}

void print(const Checked& checked) {
    const char* const mark = !checked.skipped.empty() ? "-" : checked.ok ? "✓" : "✗";
    fmt::print("{} {:<28} {:<14} {:<24} ", mark, checked.scenario, checked.variant, checked.claim);
    if (checked.skipped.empty()) {
        fmt::print("{}/{}  {}\n", checked.held, checked.runs, checked.detail);
    } else {
        fmt::print("needs {}, which this machine does not allow (heddle doctor)\n", checked.skipped);
    }
    std::fflush(stdout);
}

nlohmann::json to_json(const Checked& checked) {
    nlohmann::json object = {
        {"scenario", checked.scenario}, {"variant", checked.variant}, {"id", checked.claim},     {"ok", checked.ok},
        {"runs", checked.runs},         {"held", checked.held},       {"detail", checked.detail}};
    if (!checked.skipped.empty()) object["needs"] = checked.skipped;
    return object;
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

    bool all_ok = catalog->problems().empty();
    nlohmann::json results = nlohmann::json::array();
    for (const catalog::Scenario* scenario : chosen) {
        for (const catalog::Claim& claim : scenario->claims) {
            for (const catalog::Variant& variant : scenario->variants) {
                const auto& only = claim.variants;
                if (!only.empty() && std::find(only.begin(), only.end(), variant.id) == only.end()) continue;
                const auto checked = check_claim(*scenario, variant.id, claim);
                if (!checked) return say_error(common, checked.error(), kFailed);
                all_ok = all_ok && checked->ok;
                if (common.json) {
                    results.push_back(to_json(*checked));
                } else {
                    print(*checked);
                }
            }
        }
    }
    if (common.json) {
        fmt::print("{}\n", nlohmann::json{{"ok", all_ok}, {"claims", results}}.dump(2, ' ', false,
                                                                                    nlohmann::json::error_handler_t::replace));
    }
    return all_ok ? kDone : kFailed;
}

}  // namespace heddle::commands
