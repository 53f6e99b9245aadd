// Pages: the tracked pages of all processes side by side: which are one physical page seen by several (copy-on-write has not
// happened yet), and which a process has for itself. Main thread; draws a snapshot, queues nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::panels {

struct PagesState {
    widgets::ScrollState scroll;
    std::size_t first_process = 0;
    Pulse pulse;
};

void draw_pages(const model::Snapshot& snapshot, PagesState& state, Context& context, Rect rect);

}  // namespace heddle::panels
