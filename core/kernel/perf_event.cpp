#include "core/kernel/perf_event.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "core/kernel/perf_registers.h"
#include "core/kernel/proc_files.h"
#include "core/kernel/proc_text.h"

namespace heddle::kernel {
namespace {

perf_event_attr common_attr() {
    perf_event_attr attr{};
    attr.size = sizeof attr;
    attr.sample_type = kSampleId;
    attr.sample_id_all = 1;
    attr.use_clockid = 1;
    attr.clockid = CLOCK_MONOTONIC;
    attr.inherit = 1;
    attr.exclude_hv = 1;
    return attr;
}

}  // namespace

perf_event_attr switch_attr(std::size_t wakeup_bytes) {
    perf_event_attr attr = common_attr();
    attr.type = PERF_TYPE_SOFTWARE;
    attr.config = PERF_COUNT_SW_DUMMY;
    attr.context_switch = 1;
    attr.task = 1;
    attr.comm = 1;
    attr.comm_exec = 1;
    attr.exclude_kernel = 1;
    attr.watermark = 1;
    attr.wakeup_watermark = static_cast<std::uint32_t>(wakeup_bytes);
    return attr;
}

perf_event_attr registers_attr() {
    perf_event_attr attr = common_attr();
    attr.type = PERF_TYPE_SOFTWARE;
    attr.config = PERF_COUNT_SW_CONTEXT_SWITCHES;
    attr.sample_period = 1;
    attr.sample_type |= PERF_SAMPLE_REGS_USER;
    attr.sample_regs_user = user_register_mask();  // written into the ring of the switches, which wakes the reader
    return attr;
}

perf_event_attr tracepoint_attr(std::uint64_t id, std::size_t wakeup_bytes) {
    perf_event_attr attr = common_attr();
    attr.type = PERF_TYPE_TRACEPOINT;
    attr.config = id;
    attr.sample_period = 1;
    attr.sample_type |= PERF_SAMPLE_RAW;
    attr.watermark = 1;
    attr.wakeup_watermark = static_cast<std::uint32_t>(wakeup_bytes);
    return attr;
}

Result<UniqueFd> open_perf_event(const perf_event_attr& attr, ThreadId thread, CpuId cpu) {
    perf_event_attr copy = attr;
    copy.read_format = PERF_FORMAT_LOST;
    const auto open = [&] { return ::syscall(SYS_perf_event_open, &copy, thread.value, cpu.value, -1, PERF_FLAG_FD_CLOEXEC); };
    long fd = open();
    if (fd < 0 && errno == EINVAL) {  // before Linux 6.0
        copy.read_format = 0;
        fd = open();
    }
    if (fd < 0)
        return fail_errno("perf_event_open", "thread " + std::to_string(thread.value) + ", CPU " + std::to_string(cpu.value));
    return UniqueFd(static_cast<int>(fd));
}

std::optional<std::uint64_t> lost_records(int event) {
    std::uint64_t value_and_lost[2] = {};
    if (::read(event, value_and_lost, sizeof value_and_lost) != sizeof value_and_lost) return std::nullopt;
    return value_and_lost[1];
}

Result<> write_into(const UniqueFd& event, const UniqueFd& owner_of_ring) {
    if (::ioctl(event.get(), PERF_EVENT_IOC_SET_OUTPUT, owner_of_ring.get()) != 0)
        return fail_errno("PERF_EVENT_IOC_SET_OUTPUT");
    return {};
}

std::vector<CpuId> online_cpus() {
    std::vector<CpuId> cpus;
    if (const auto text = read_small_file("/sys/devices/system/cpu/online")) {
        for (const int cpu : parse_cpu_list(*text)) cpus.push_back(CpuId(cpu));
    }
    if (cpus.empty()) {
        const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
        for (int cpu = 0; cpu < count; ++cpu) cpus.push_back(CpuId(cpu));
    }
    return cpus;
}

std::optional<int> perf_paranoid_level() {
    const auto text = read_small_file("/proc/sys/kernel/perf_event_paranoid");
    if (!text) return std::nullopt;
    const auto level = parse_integer(*text);
    return level ? std::optional(static_cast<int>(*level)) : std::nullopt;
}

std::string perf_remedy(int errno_value, int wanted_level) {
    const auto level = perf_paranoid_level();
    if (!level || errno_value == ENOENT || errno_value == ENODEV) return {};
    const bool filtered = errno_value == ENOSYS;  // the kernel has perf events, or there were no level to read
    if (!filtered && *level > wanted_level && ::geteuid() != 0)
        return "sudo sysctl kernel.perf_event_paranoid=" + std::to_string(wanted_level);
    if (filtered || errno_value == EPERM || errno_value == EACCES)
        return "docker run --security-opt seccomp=unconfined --cap-add PERFMON …";
    return {};
}

}  // namespace heddle::kernel
