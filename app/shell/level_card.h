// A level of "break it": what the learner, who is the scheduler, has to reach, and whether this run has. Main thread.
#pragma once

#include "app/panels/panel.h"
#include "core/catalog/scenario.h"

namespace heddle::shell {

// Pure.
bool is_reached(const catalog::Level& level, const model::Snapshot& snapshot);

// Returns the height used.
float draw_level_card(const catalog::Scenario& scenario, const model::Snapshot& snapshot, panels::Context& context, Rect area);

}  // namespace heddle::shell
