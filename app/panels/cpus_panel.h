// CPUs: who is on which core now, each core's history up to the playhead, how its time was shared, and how often threads were
// switched and moved, with the source of these numbers. Main thread; draws a snapshot, queues nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::panels {

struct CpusState {
    widgets::ScrollState scroll;
};

void draw_cpus(const model::Snapshot& snapshot, CpusState& state, Context& context, Rect rect);

}  // namespace heddle::panels
