#include "core/fibers/pids.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr pid_t kFirst = 1000;  // then by the number of each one's first thread

bool are_renamed() {
    return g_searching && g_on_threads && g_common.process_count > 0;
}

}  // namespace

pid_t own_pid() {
    return static_cast<pid_t>(HEDDLE_REAL(syscall)(SYS_getpid));
}

pid_t shown_pid(pid_t pid) {
    for (std::uint32_t i = 0; pid > 0 && are_renamed() && i < g_common.process_count; ++i) {
        const Process& process = g_common.processes[i];
        if (process.pid == pid) return kFirst + static_cast<pid_t>(process.first_thread);
    }
    return pid;
}

pid_t real_pid(pid_t shown) {
    for (std::uint32_t i = 0; shown > 0 && are_renamed() && i < g_common.process_count; ++i) {
        const Process& process = g_common.processes[i];
        if (kFirst + static_cast<pid_t>(process.first_thread) == shown) return process.pid;
    }
    return shown;
}

std::uint64_t announced_pid(pid_t pid) {
    if (!g_searching) return static_cast<std::uint64_t>(pid);
    for (std::uint32_t i = 0; i < g_common.process_count; ++i) {
        if (g_common.processes[i].pid == pid) return g_common.processes[i].first_thread + 1;
    }
    return 0;
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT pid_t getpid() noexcept {
    return shown_pid(own_pid());
}
HEDDLE_EXPORT pid_t getppid() noexcept {
    return shown_pid(HEDDLE_REAL(getppid)());
}
