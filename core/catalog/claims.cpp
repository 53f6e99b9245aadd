#include "core/catalog/claims.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/catalog/expression.h"

namespace heddle::catalog {

bool applies_to(const Claim& claim, std::string_view variant) {
    return claim.variants.empty() || std::find(claim.variants.begin(), claim.variants.end(), variant) != claim.variants.end();
}

model::ClaimResult evaluate_claim(const Claim& claim, const Facts& facts) {
    const auto verdict = evaluate(claim.expression, facts);
    if (!verdict) return {claim.id, false, !claim.any, verdict.error().message()};
    return {claim.id, verdict->ok, !claim.any, verdict->detail};
}

std::vector<model::ClaimResult> evaluate_claims(const Scenario& scenario, std::string_view variant, const Facts& facts) {
    std::vector<model::ClaimResult> results;
    for (const Claim& claim : scenario.claims) {
        const bool same_parameters = std::all_of(claim.parameters.begin(), claim.parameters.end(), [&](const auto& wanted) {
            return facts.parameter(wanted.first) == wanted.second;
        });
        if (claim.explore.empty() && applies_to(claim, variant) && same_parameters)
            results.push_back(evaluate_claim(claim, facts));
    }
    return results;
}

bool wants_another_run(const Claim& claim, const std::vector<model::ClaimResult>& so_far) {
    if (so_far.empty()) return true;
    return static_cast<int>(so_far.size()) < claim.runs && so_far.back().ok != claim.any;
}

model::ClaimResult overall(const Claim& claim, const std::vector<model::ClaimResult>& of_each_run) {
    CHECK(!of_each_run.empty());
    const auto decisive = std::find_if(of_each_run.begin(), of_each_run.end(),
                                       [&](const model::ClaimResult& result) { return result.ok == claim.any; });
    const auto last = decisive == of_each_run.end() ? std::prev(of_each_run.end()) : decisive;
    model::ClaimResult result = *last;
    result.required = true;
    if (claim.runs > 1) {
        result.detail +=
            " (run " + std::to_string(last - of_each_run.begin() + 1) + " of at most " + std::to_string(claim.runs) + ")";
    }
    return result;
}

std::vector<std::size_t> right_answers(const Predict& predict, const Facts& facts) {
    std::vector<std::size_t> right;
    for (std::size_t i = 0; i < predict.answers.size(); ++i) {
        const auto verdict = evaluate(predict.answers[i].right_when, facts);
        if (verdict && verdict->ok) right.push_back(i);
    }
    return right;
}

}  // namespace heddle::catalog
