// Turns what the kernel observer reported into the log's events. A pure conversion but for the log it numbers threads in;
// called on the session's thread.
#pragma once

#include <vector>

#include "core/kernel/kernel_record.h"
#include "core/trace/event_log.h"

namespace heddle::session {

// Appends one event per record to `out`. An ended thread's tid is free for reuse afterwards.
void append_kernel_events(const std::vector<kernel::KernelRecord>& records, trace::EventLog& log,
                          std::vector<trace::PackedEvent>& out);

}  // namespace heddle::session
