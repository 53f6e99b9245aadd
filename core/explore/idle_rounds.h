// Idle rounds of waiting loops: the thread looked, found nothing changed, and is back where the round began. Pure.
#pragma once

#include <vector>

#include "core/explore/causality.h"

namespace heddle::explore {

// The looks of all idle rounds, as indices of steps.
void find_idle_looks(const Execution& execution, const Causality& causality, std::vector<std::uint32_t>& looks);

}  // namespace heddle::explore
