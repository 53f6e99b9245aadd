#include <unistd.h>

#include "core/kernel/facility_probes.h"
#include "core/kernel/perf_event.h"
#include "core/kernel/perf_ring.h"
#include "core/kernel/tracefs.h"

namespace heddle::kernel {
namespace {

std::string level_text() {
    const auto level = perf_paranoid_level();
    return level ? "perf_event_paranoid " + std::to_string(*level) : "this kernel has no perf events";
}

Result<> try_event(const perf_event_attr& attr) {
    const UniqueFd event = TRY(open_perf_event(attr, ThreadId(0), online_cpus().front()));
    TRY(PerfRing::map(event.get(), 32 * 1024));
    return {};
}

}  // namespace

Facility outcome(std::string id, const Result<>& result, std::string detail, std::string remedy) {
    if (result) return {std::move(id), true, std::move(detail), {}};
    const Error& error = result.error();
    if (!error.remedy.empty()) remedy = error.remedy;
    return {std::move(id), false, Error{error.what, error.subject, error.errno_value, {}}.message(), std::move(remedy)};
}

Facility probe_perf_switches() {
    const Result<> result = try_event(switch_attr(8192));
    return outcome("perf-switches", result, level_text(), result ? "" : perf_remedy(result.error().errno_value, 2));
}

Facility probe_perf_registers() {
    const Result<> result = try_event(registers_attr());
    return outcome("perf-registers", result, level_text(), result ? "" : perf_remedy(result.error().errno_value, 1));
}

Facility probe_perf_wake_ups() {
    const auto tracepoint = find_wake_up_tracepoint("sched/sched_waking");
    if (!tracepoint) return outcome("perf-wake-ups", tl::make_unexpected(tracepoint.error()), {}, {});
    const Result<> result = try_event(tracepoint_attr(tracepoint->id, 8192));
    return outcome("perf-wake-ups", result, "sched:sched_waking", result ? "" : perf_remedy(result.error().errno_value, -1));
}

Facility probe_tracefs() {
    const auto tracepoint = find_wake_up_tracepoint("sched/sched_waking");
    if (!tracepoint) return outcome("tracefs", tl::make_unexpected(tracepoint.error()), {}, {});
    return {"tracefs", true, "sched_waking is tracepoint " + std::to_string(tracepoint->id), {}};
}

}  // namespace heddle::kernel
