// Who has the other end of a pipe open that a thread waits at, as /proc tells it of processes that stand still. Any thread.
#pragma once

#include <cstdint>

#include "core/trace/operation.h"

namespace heddle::session {

// Whether process `other` could end the wait of a thread of process `waiting` for this: a read from a pipe that `other` may
// write to, or a write to one that it may read from.
bool has_other_end(std::int32_t waiting, const trace::Operation& pending, std::int32_t other);

}  // namespace heddle::session
