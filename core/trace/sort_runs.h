// Sorts a batch of events by time, stably and fast where it consists of few ascending runs, as a drain of many rings does.
// Pure; any thread.
#pragma once

#include <vector>

#include "core/trace/event.h"

namespace heddle::trace {

inline bool earlier(const PackedEvent& a, const PackedEvent& b) {
    return a.nanoseconds < b.nanoseconds;
}

// other: room to work in, kept by the caller between batches; its content is of no use.
void sort_runs(std::vector<PackedEvent>& events, std::vector<PackedEvent>& other);

}  // namespace heddle::trace
