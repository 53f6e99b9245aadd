// Who goes next? In Step: each thread that is alive, what it is about to do, why it may not, and the button that lets it. Main
// thread; draws a snapshot, queues StepThread, SetPolicy, SetGranularity and SetSpurious.
#pragma once

#include "app/layout/turns_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

layout::TurnCard lower_turn_card(const model::Snapshot& snapshot, const widgets::Ui& ui, float width);
float turns_height(const model::Snapshot& snapshot, layout::TurnCard look, const widgets::Ui& ui, float width);
void draw_turns(const model::Snapshot& snapshot, layout::TurnCard look, Context& context, Rect rect);

}  // namespace heddle::panels
