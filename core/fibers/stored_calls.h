// What strtok and rand keep from call to call.
#pragma once

namespace heddle::fibers {

// Before keep_memory().
bool prepare_stored_calls();

}  // namespace heddle::fibers
