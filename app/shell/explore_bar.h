// What stands in the top bar in place of the controls of time while a program is explored: again, Cancel, how fast it goes.
// Main thread; queues commands.
#pragma once

#include "app/shell/command.h"
#include "app/widgets/ui.h"
#include "core/model/exploration.h"

namespace heddle::shell {

// run: of an exploration.
void draw_explore_bar(const model::Snapshot& run, widgets::Ui& ui, Commands& commands, Rect rect);

}  // namespace heddle::shell
