// The window's shortcuts: what a key that no control took means. Main thread; queues commands.
#pragma once

#include "app/shell/shell.h"

namespace heddle::shell {

void handle_keys(const ShellFrame& frame, ShellState& state, widgets::Ui& ui, Commands& commands);

}  // namespace heddle::shell
