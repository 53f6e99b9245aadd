// How regions, variables and gaps look; part of the memory panel; draws only.
#pragma once

#include "app/layout/memory_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

// lit: 1 right after a change, fading to 0; a changed thing keeps its colour as long as the playhead stands on it.
void paint_region(Context& context, const model::Snapshot& snapshot, const layout::RegionBox& box, float lit, bool hovered);
void paint_gap(Context& context, const layout::GapBox& gap);
void paint_join(Context& context, const layout::SharedJoin& join, std::string_view caption);
void paint_pointer(Context& context, const layout::PointerArrow& arrow);
// "name … value" with its address and type where there is room.
void paint_variable(Context& context, Rect box, const model::VariableView& variable, float indent);
std::string region_title(const Context& context, const layout::RegionGroup& group);

}  // namespace heddle::panels
