// The single probes behind probe_facilities(). Not for use elsewhere.
#pragma once

#include "core/base/result.h"
#include "core/kernel/facilities.h"

namespace heddle::kernel {

// works with `detail`, or what the error says; its own remedy comes before the given one.
Facility outcome(std::string id, const Result<>& result, std::string detail, std::string remedy);

Facility probe_perf_switches();
Facility probe_perf_registers();
Facility probe_perf_wake_ups();
Facility probe_tracefs();

}  // namespace heddle::kernel
