// Stack: each thread's live frames with their parameters and locals, growing downwards. Main thread; draws a snapshot, queues
// nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::panels {

struct StackState {
    std::size_t chosen = 0;      // by the learner, else the last thread that acted
    std::uint64_t playhead = 0;  // that `chosen` last followed
    widgets::ScrollState scroll;
    Pulse pulse;
};

void draw_stack(const model::Snapshot& snapshot, StackState& state, Context& context, Rect rect);

}  // namespace heddle::panels
