// The picture of a race on the home page: the counter, what two threads did to it last, the accesses in their order and the
// sentence of this instant. Main thread; draws a snapshot, queues nothing.
#pragma once

#include "app/panels/panel.h"

namespace heddle::shell {

// lit: 1 … 0, how new the latest change is. False when the run has no shared variable yet; then nothing is drawn.
bool draw_demo(const model::Snapshot& snapshot, panels::Context& context, float lit, Rect area);

}  // namespace heddle::shell
