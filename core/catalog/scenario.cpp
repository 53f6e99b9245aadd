#include "core/catalog/scenario.h"

#include <algorithm>

#include "core/catalog/own_program.h"

namespace heddle::catalog {

bool Scenario::can_be_explored() const {
    if (is_own_id(id)) return variants.front().program.empty();  // built from its sources, with the hooks
    const bool claimed = std::any_of(claims.begin(), claims.end(), [](const Claim& claim) { return !claim.explore.empty(); });
    return claimed || level.has_value() || !explore.expect.empty() || !explore.parameters.empty();
}

const Variant* Scenario::variant(std::string_view wanted) const {
    const auto found = std::find_if(variants.begin(), variants.end(), [&](const Variant& v) { return v.id == wanted; });
    return found == variants.end() ? nullptr : &*found;
}

const Parameter* Scenario::parameter(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

}  // namespace heddle::catalog
