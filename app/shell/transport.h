// The controls of time: restart, back, play or pause, step, and the speed with its menu. Main thread; queues commands.
#pragma once

#include "app/shell/command.h"
#include "app/widgets/ui.h"
#include "core/model/snapshot.h"

namespace heddle::shell {

struct TransportState {
    bool speed_open = false;
    Rect speed_place;  // of the button, where the menu hangs
};

float transport_width(widgets::Ui& ui);
void draw_transport(const model::Snapshot& snapshot, bool can_restart, TransportState& state, widgets::Ui& ui,
                    Commands& commands, Rect rect);
// Above all else; call after the rest of the window.
void draw_speed_menu(const model::Snapshot& snapshot, TransportState& state, widgets::Ui& ui, Commands& commands, Rect whole);

}  // namespace heddle::shell
