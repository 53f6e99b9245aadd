// Help: what the keys do, what the badges mean, and how a state is drawn. Over everything, main thread; the shell draws it
// last. Escape, the cross or a click beside it queues SetHelp{false}; it never opens or closes itself.
#pragma once

#include "app/panels/panel.h"
#include "app/shell/command.h"

namespace heddle::shell {

struct HelpState {
    bool open = false;  // set by the shell when it applies SetHelp; closed, nothing is drawn
    widgets::ScrollState scroll;
};

void draw_help(HelpState& state, panels::Context& context, Commands& commands, Rect whole);

}  // namespace heddle::shell
