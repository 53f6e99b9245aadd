// The part of a run that the home page plays: around an update that got lost. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "core/trace/event_log.h"

namespace heddle::shell {

struct DemoSpan {
    std::uint64_t begin = 0, end = 0;  // playheads
    bool lost = false;                 // an update is lost in it
};

// A thread reads a variable, another one writes it, then the first writes what it computed from its old reading: the closest
// such three, with some accesses before them. Without one, the first accesses that two threads made to one variable.
std::optional<DemoSpan> find_demo_span(const trace::EventLogView& log);

}  // namespace heddle::shell
