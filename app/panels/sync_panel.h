// Sync: each lock, semaphore, condition variable, barrier and joined thread with its holder, its permits and who waits in
// which order; beside it the wait-for graph, a circle in red with the sentence that says what it means. Main thread; draws a
// snapshot, queues nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::panels {

struct SyncState {
    widgets::ScrollState scroll;
    Pulse pulse;
};

void draw_sync(const model::Snapshot& snapshot, SyncState& state, Context& context, Rect rect);

}  // namespace heddle::panels
