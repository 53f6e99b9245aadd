// The timeline's heading: title, badge, what is shown, the two scales, and the zoom buttons. Part of the timeline panel.
#pragma once

#include "app/panels/timeline_panel.h"

namespace heddle::panels {

enum class HeaderWish : std::uint8_t { kNone, kFit, kZoomIn, kZoomOut };

// range: the part of the run that is shown, in words; empty: there is nothing to zoom yet.
HeaderWish draw_timeline_header(Context& context, const model::Snapshot& snapshot, TimelineState& state, Rect header,
                                std::string_view range, bool empty);

}  // namespace heddle::panels
