// How the timeline's lanes look: bars of a thread, bars of a CPU, ticks, arrows. Part of the timeline panel; draws only.
#pragma once

#include "app/layout/timeline_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

void paint_lane(Context& context, const layout::LaneRow& row, const std::vector<layout::BarBox>& bars, std::size_t first);
void paint_ticks(Context& context, const layout::LaneRow& row, const std::vector<layout::TickMark>& ticks);
void paint_arrows(Context& context, const std::vector<layout::ArrowLine>& arrows);
void paint_lane_label(Context& context, const model::Snapshot& snapshot, const layout::LaneRow& row);
void paint_playhead(Context& context, float x, float top, float bottom, std::string_view label, const layout::Axis& axis,
                    bool held);

}  // namespace heddle::panels
