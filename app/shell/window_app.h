// The window: opens it, runs its loop until it is closed, keeps the settings. Called once by main, on the main thread.
#pragma once

#include <string>

namespace heddle::shell {

// target: a scenario's id, a saved run's file, or nothing for the home page. Returns the exit code: 0 closed, 1 no window
// could be opened, 2 the target is unknown or unreadable.
int open_window_app(const std::string& target);

}  // namespace heddle::shell
