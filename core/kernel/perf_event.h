// The system calls behind perf events: open, redirect, enable. Thin; the attributes are fixed here so that perf_record.h can
// rely on the layout of what comes back. Any thread.
#pragma once

#include <linux/perf_event.h>

#include <optional>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/kernel/perf_record.h"

namespace heddle::kernel {

// Switches, births, ends and names of a thread and all it will create. Any user may, where perf_event_paranoid ≤ 2.
perf_event_attr switch_attr(std::size_t wakeup_bytes);
// A sample of the user registers at each switch. perf_event_paranoid ≤ 1, or CAP_PERFMON.
perf_event_attr registers_attr();
// A sample at each hit of a tracepoint, raw fields included. CAP_PERFMON, or perf_event_paranoid -1.
perf_event_attr tracepoint_attr(std::uint64_t id, std::size_t wakeup_bytes);

// thread 0 is the caller.
Result<UniqueFd> open_perf_event(const perf_event_attr& attr, ThreadId thread, CpuId cpu);
// How many records of this event found its ring full. nullopt: the kernel does not say (before Linux 6.0).
std::optional<std::uint64_t> lost_records(int event);
Result<> write_into(const UniqueFd& event, const UniqueFd& owner_of_ring);  // PERF_EVENT_IOC_SET_OUTPUT

std::vector<CpuId> online_cpus();

// perf_event_paranoid; nullopt where the kernel has no perf events.
std::optional<int> perf_paranoid_level();
// The command that would allow what perf refused with this errno; empty when none would.
std::string perf_remedy(int errno_value, int wanted_level);

}  // namespace heddle::kernel
