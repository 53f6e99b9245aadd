#include "app/shell/other_order.h"

#include "app/panels/panel.h"

namespace heddle::shell {
namespace {

bool same_line(const model::StepText& step, const model::FindingPlace& place) {
    return step.line == place.line && panels::file_name(step.file) == panels::file_name(place.file);
}

}  // namespace

std::optional<std::string> other_order_of(const model::ExploreSnapshot& found, std::span<const model::FindingPlace> places) {
    if (places.size() != 2) return std::nullopt;
    for (const model::FoundBug& bug : found.bugs) {
        if (bug.kind != "data-race" || bug.at.size() != 2) continue;
        const bool straight = same_line(bug.at[0], places[0]) && same_line(bug.at[1], places[1]);
        const bool turned = same_line(bug.at[0], places[1]) && same_line(bug.at[1], places[0]);
        if (!straight && !turned) continue;
        // At one line the threads tell which is which.
        const bool as_recorded = straight && turned ? bug.at[0].thread == places[0].thread : straight;
        const std::string& schedule = as_recorded ? bug.other_order : bug.this_order;
        if (!schedule.empty()) return schedule;
    }
    return std::nullopt;
}

}  // namespace heddle::shell
