// The bar on top: what is open, Run | Step | Explore, the controls of time, and at the right picture, theme, language,
// presenter and help. Main thread; queues commands.
#pragma once

#include "app/shell/command.h"
#include "app/shell/transport.h"
#include "core/catalog/scenario.h"

namespace heddle::shell {

// scenario and run are null on the home page; scenario alone is null when a saved run names one that is not installed.
void draw_top_bar(const catalog::Scenario* scenario, const model::Snapshot* run, bool can_restart, TransportState& state,
                  widgets::Ui& ui, Commands& commands, Rect rect);

}  // namespace heddle::shell
