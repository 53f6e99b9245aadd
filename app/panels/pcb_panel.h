// PCB: the fields of the process control block in the textbook's order with this process's real values; what the event at the
// playhead changed is lit in its thread's colour. Main thread; draws a snapshot, queues nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::panels {

struct PcbState {
    std::size_t chosen = 0;  // thread, by its place in the snapshot
    widgets::ScrollState scroll;
    Pulse pulse;
};

void draw_pcb(const model::Snapshot& snapshot, PcbState& state, Context& context, Rect rect);

}  // namespace heddle::panels
