// What the timeline says of the bar under the pointer: who, which state, why, since when, how long, on which CPU.
#pragma once

#include "app/layout/timeline_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

std::string bar_tip(const Context& context, const model::Snapshot& snapshot, const layout::LaneRow& row,
                    const layout::BarBox& bar);

}  // namespace heddle::panels
