// Stack: each thread's live frames with their parameters and locals, growing downwards. Main thread; draws a snapshot, queues
// nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::panels {

struct StackState {
    std::size_t first_thread = 0;
    widgets::ScrollState scroll;
    Pulse pulse;
};

void draw_stack(const model::Snapshot& snapshot, StackState& state, Context& context, Rect rect);

}  // namespace heddle::panels
