// The timeline at the bottom of the window: a lane per thread and per CPU, states as bars with patterns, hook events as ticks,
// wake arrows, and the playhead with which a learner scrubs. Main thread. Queues SeekTime and SeekEvent; reads the run through
// the snapshot's TimelineView only, so that a million events cost no more than a screenful.
#pragma once

#include <optional>

#include "app/layout/timeline_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

struct TimelineState {
    layout::TimeScale scale = layout::TimeScale::kTime;
    std::optional<layout::Span> time_span, event_span;  // none: the whole run
    float scroll = 0;                                   // of the lanes
    enum class Drag : std::uint8_t { kNone, kPan, kScrub } drag = Drag::kNone;
    bool moved = false;  // since the button went down: a drag, not a click
    Vec2 drag_start;
    layout::Span drag_span;

    std::optional<layout::Span>& span() { return scale == layout::TimeScale::kTime ? time_span : event_span; }
};

// In which so many lanes are seen without scrolling. stepping: the run is in Step.
float least_timeline_height(const Theme& theme, std::size_t lanes, bool stepping);
// No card around it: the timeline is a strip of the window. `rect` is at least 120 px high.
void draw_timeline(const model::Snapshot& snapshot, TimelineState& state, Context& context, Rect rect);

}  // namespace heddle::panels
