// Finds tracepoints through tracefs. Thin; any thread. Mounts tracefs at its normal place when nobody has and we may.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/kernel/perf_record.h"

namespace heddle::kernel {

struct Tracepoint {
    std::uint64_t id = 0;
    WakeUpFormat format;
};

// "sched/sched_waking".
Result<Tracepoint> find_wake_up_tracepoint(std::string_view name);

// Offsets of the fields "pid" and "target_cpu" in a tracepoint's `format` file. Pure.
Result<WakeUpFormat> parse_wake_up_format(std::string_view text);

}  // namespace heddle::kernel
