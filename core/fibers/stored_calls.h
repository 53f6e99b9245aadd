// What strtok keeps from call to call.
#pragma once

namespace heddle::fibers {

// Before keep_memory().
bool prepare_token_state();

}  // namespace heddle::fibers
