// The window: opens it, runs its loop until it is closed, keeps the settings. Called once by main, on the main thread.
#pragma once

#include "core/catalog/own_program.h"

namespace heddle::shell {

// wanted: a scenario's id, a saved run's file, one's own program, or nothing for the home page. Returns the exit code: 0
// closed, 1 no window could be opened, 2 what was wanted is unknown or unreadable.
int open_window_app(const catalog::OwnProgram& wanted);

}  // namespace heddle::shell
