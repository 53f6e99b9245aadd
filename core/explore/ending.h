// What the end of an execution is as a bug. Pure.
#pragma once

#include <string>

#include "core/explore/execution.h"

namespace heddle::explore {

// The kind of bug that the end of an execution is; empty: none. What races or is expected is not asked here.
std::string kind_of(const Execution& execution);

}  // namespace heddle::explore
