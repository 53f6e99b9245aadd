#include "core/kernel/facilities.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/clock.h"
#include "core/base/unique_fd.h"
#include "core/kernel/facility_probes.h"
#include "core/kernel/perf_event.h"
#include "core/kernel/proc_files.h"
#include "core/kernel/process_sampler.h"

namespace heddle::kernel {
namespace {

// A page of our own that has been written: alone ours.
Result<PageEntry> own_page() {
    alignas(4096) volatile char page[4096];
    page[0] = 1;
    const auto entries = TRY(read_pagemap(ProcessId(::getpid()), Address(reinterpret_cast<std::uint64_t>(&page[0])), 1));
    if (entries.empty()) return fail("the page map is empty");
    return entries.front();
}

Facility probe_page_exclusive() {
    const auto page = own_page();
    if (!page) return outcome("pagemap-exclusive", tl::make_unexpected(page.error()), {}, {});
    if (page->present && page->exclusive) return {"pagemap-exclusive", true, "bit 56 is set on an own page", {}};
    return {"pagemap-exclusive", false, "bit 56 is not set on an own page", {}};
}

Facility probe_page_frames() {
    const auto page = own_page();
    if (!page) return outcome("pagemap-frames", tl::make_unexpected(page.error()), {}, {});
    if (page->frame_number != 0) return {"pagemap-frames", true, "frame numbers are shown", {}};
    return {"pagemap-frames", false, "frame numbers read as 0", "sudo heddle"};
}

// With hidepid, /proc shows a user only the own processes; the lab's are, unless they change their user.
Facility probe_hidepid() {
    if (::access("/proc/1/stat", R_OK) == 0) return {"proc-all-processes", true, "/proc shows all processes", {}};
    return {"proc-all-processes", false, "/proc/1/stat: " + std::string(std::strerror(errno)),
            "sudo mount -o remount,hidepid=0 /proc"};
}

Facility probe_file(const char* id, const char* path) {
    const auto text = read_small_file(path);
    if (text && !text->empty()) return {id, true, path, {}};
    if (!text) return outcome(id, tl::make_unexpected(text.error()), {}, {});
    return {id, false, std::string(path) + " is empty", {}};
}

Facility probe_counter() {
    if (usable_tick_source() == TickSource::kCounter)
        return {"invariant-counter", true, "the CPU's counter is the clock of hooks", {}};
    return {"invariant-counter", false, "the CPU's counter is not invariant; CLOCK_MONOTONIC instead", {}};
}

Facility probe_memfd() {
    const UniqueFd fd(::memfd_create("heddle-doctor", MFD_CLOEXEC));
    if (fd && ::ftruncate(fd.get(), 1 << 20) == 0) return {"memfd", true, "memfd_create", {}};
    return {"memfd", false, "memfd_create: " + std::string(std::strerror(errno)), {}};
}

Facility probe_shared_memory() {
    constexpr std::uint64_t kWanted = 64 << 20;
    const char* remedy = "sudo mount -o remount,size=256M /dev/shm";
    struct statvfs info {};
    if (::statvfs("/dev/shm", &info) != 0)
        return {"shared-memory", false, "/dev/shm: " + std::string(std::strerror(errno)), remedy};
    const std::uint64_t free_bytes = std::uint64_t{info.f_bavail} * info.f_frsize;
    const std::string detail = "/dev/shm: " + std::to_string(free_bytes >> 20) + " MiB";
    return {"shared-memory", free_bytes >= kWanted, detail, free_bytes >= kWanted ? "" : remedy};
}

Facility probe_ptrace_scope() {
    const auto text = read_small_file("/proc/sys/kernel/yama/ptrace_scope");
    const auto scope = text ? parse_integer(*text) : std::nullopt;
    if (!scope || *scope <= 1) return {"ptrace-scope", true, scope ? "ptrace_scope " + std::to_string(*scope) : "no Yama", {}};
    return {"ptrace-scope", false, "ptrace_scope " + std::to_string(*scope), "sudo sysctl kernel.yama.ptrace_scope=1"};
}

// RLIMIT_NPROC does not bind root, nor whoever has CAP_SYS_RESOURCE: try it in a child.
Facility probe_process_limit() {
    const pid_t child = ::fork();
    if (child < 0) return {"process-limit", true, "fork: " + std::string(std::strerror(errno)), {}};
    if (child == 0) {
        const rlimit one{1, 1};
        if (::setrlimit(RLIMIT_NPROC, &one) != 0) ::_exit(2);
        const pid_t grandchild = ::fork();
        if (grandchild == 0) ::_exit(0);
        if (grandchild < 0) ::_exit(0);
        ::waitpid(grandchild, nullptr, 0);
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool binds = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return {"process-limit", binds, binds ? "RLIMIT_NPROC binds this user" : "RLIMIT_NPROC does not bind this user", {}};
}

Facility probe_cores() {
    const std::size_t count = online_cpus().size();
    return {"cores", count >= 2, std::to_string(count), {}};
}

Facility probe_affinity() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return {"affinity", false, std::strerror(errno), {}};
    if (::sched_setaffinity(0, sizeof allowed, &allowed) != 0) return {"affinity", false, std::strerror(errno), {}};
    return {"affinity", true, std::to_string(CPU_COUNT(&allowed)), {}};
}

// Tried in a child, so that Heddle itself never runs at a real-time priority.
Facility probe_real_time() {
    const pid_t child = ::fork();
    if (child < 0) return {"real-time", false, "fork: " + std::string(std::strerror(errno)), {}};
    if (child == 0) {
        const sched_param parameter{1};
        ::_exit(::sched_setscheduler(0, SCHED_FIFO, &parameter) == 0 ? 0 : errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {"real-time", true, "SCHED_FIFO", {}};
    const int error = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
    return {"real-time", false, "sched_setscheduler: " + std::string(std::strerror(error)),
            "sudo setcap cap_sys_nice+ep \"$(command -v heddle)\""};
}

}  // namespace

std::vector<Unavailable> missing_page_facts() {
    std::vector<Unavailable> missing;
    for (const Facility& facility : {probe_page_exclusive(), probe_page_frames()})
        if (!facility.works) missing.push_back({facility.id, facility.detail, facility.remedy});
    return missing;
}

std::vector<Facility> probe_facilities() {
    return {
        probe_perf_switches(),
        probe_perf_registers(),
        probe_perf_wake_ups(),
        probe_tracefs(),
        probe_page_exclusive(),
        probe_page_frames(),
        probe_hidepid(),
        probe_file("proc-syscall", "/proc/self/syscall"),
        probe_file("proc-schedstat", "/proc/self/schedstat"),
        probe_counter(),
        probe_memfd(),
        probe_shared_memory(),
        probe_ptrace_scope(),
        probe_process_limit(),
        probe_cores(),
        probe_affinity(),
        probe_real_time(),
    };
}

}  // namespace heddle::kernel
