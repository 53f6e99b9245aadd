// Claims and predict questions, checked against the facts of a run. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/catalog/facts.h"
#include "core/catalog/scenario.h"
#include "core/model/snapshot.h"

namespace heddle::catalog {

// Whether the claim speaks of this variant.
bool applies_to(const Claim& claim, std::string_view variant);

// One claim on one run. A missing fact or a failing expression makes it not ok, with the reason as its detail.
model::ClaimResult evaluate_claim(const Claim& claim, const Facts& facts);

// Every claim that speaks of this variant, and of this run's parameters where it names some. A claim that needs only one run of
// many to hold (`any`) is judged by this one run and marked as not required.
std::vector<model::ClaimResult> evaluate_claims(const Scenario& scenario, std::string_view variant, const Facts& facts);

// For `check`: whether one more run could change the verdict after these, and the verdict over all of them (at least one).
bool wants_another_run(const Claim& claim, const std::vector<model::ClaimResult>& so_far);
model::ClaimResult overall(const Claim& claim, const std::vector<model::ClaimResult>& of_each_run);

// Indices into predict.answers: those that this run made right. An answer whose expression fails is not among them.
std::vector<std::size_t> right_answers(const Predict& predict, const Facts& facts);

}  // namespace heddle::catalog
