// A race of a recording the other way round: the schedule of an exploration in which the access that came second in the
// recording goes first; up to the one that came first there. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/model/exploration.h"

namespace heddle::shell {

// places: the two accesses as the recording has them. nullopt: the exploration has not found this race, or no such schedule.
std::optional<std::string> other_order_of(const model::ExploreSnapshot& found, std::span<const model::FindingPlace> places);

}  // namespace heddle::shell
