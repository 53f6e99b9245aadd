#include "core/kernel/standing_threads.h"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/kernel/proc_files.h"
#include "core/kernel/proc_text.h"
#include "core/kernel/process_sampler.h"

namespace heddle::kernel {
namespace {

enum class Wait { kGone, kEndless, kOther };

// Signals that come from a thread's own fault, and the two that the C library keeps for itself.
constexpr std::uint64_t bit(int signal) {
    return std::uint64_t{1} << (signal - 1);
}
constexpr std::uint64_t kNoHelp =
    bit(SIGSEGV) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGABRT) | bit(SIGSYS) | bit(32) | bit(33);

Wait look_at(StandingThread& thread) {
    const std::string folder = "/proc/" + std::to_string(thread.pid.value) + "/task/" + std::to_string(thread.tid.value);
    const auto stat_text = read_small_file(folder + "/stat");
    if (!stat_text) return Wait::kGone;
    const auto stat = parse_stat(*stat_text);
    if (!stat) return Wait::kOther;
    if (stat->state == 'Z' || stat->state == 'X') return Wait::kGone;
    if (stat->state != 'S') return Wait::kOther;
    const auto call_text = read_small_file(folder + "/syscall"), status_text = read_small_file(folder + "/status");
    const auto call = call_text ? parse_syscall(*call_text) : std::nullopt;
    if (!call || !status_text) return Wait::kOther;
    const StatusFields status = parse_status(*status_text);
    if (status.voluntary_switches < 0 || (status.caught_signals & ~kNoHelp) != 0) return Wait::kOther;
    thread.switches = status.voluntary_switches + status.involuntary_switches;
    if (call->number == SYS_wait4 || call->number == SYS_waitid) return Wait::kEndless;
    if (call->number != SYS_futex) return Wait::kOther;
    const std::uint64_t operation = call->arguments[1], limit = call->arguments[3];
    const std::uint64_t kind = operation & static_cast<std::uint64_t>(FUTEX_CMD_MASK);
    const bool waits = kind == FUTEX_WAIT || kind == FUTEX_WAIT_BITSET || kind == FUTEX_LOCK_PI || kind == FUTEX_LOCK_PI2;
    if (!waits || limit != 0) return Wait::kOther;
    thread.word = call->arguments[0];
    thread.shared = (operation & FUTEX_PRIVATE_FLAG) == 0;
    return Wait::kEndless;
}

}  // namespace

std::optional<std::vector<StandingThread>> standing_threads(std::span<const ProcessId> processes) {
    std::vector<StandingThread> standing;
    for (const ProcessId pid : processes) {
        for (const ThreadId tid : threads_of(pid)) {
            StandingThread thread{pid, tid};
            const Wait wait = look_at(thread);
            if (wait == Wait::kOther) return std::nullopt;
            if (wait == Wait::kEndless) standing.push_back(thread);
        }
    }
    return standing;
}

bool may_be_known_outside(const StandingThread& thread) {
    if (!thread.shared) return false;
    for (const trace::MappingSample& mapping : read_mappings(thread.pid, false)) {
        if (thread.word < mapping.start || thread.word >= mapping.end) continue;
        const bool is_private = mapping.permissions.size() > 3 && mapping.permissions[3] == 'p';
        // mmap's MAP_SHARED | MAP_ANONYMOUS, which only a fork hands on.
        return !is_private && !mapping.path.starts_with("/dev/zero (deleted)");
    }
    return true;
}

bool may_set_alarms(ProcessId process) {
    constexpr std::size_t kMost = std::size_t{64} << 20;
    const auto program = read_small_file("/proc/" + std::to_string(process.value) + "/exe", kMost);
    if (!program) return true;
    using namespace std::string_literals;
    const std::array names = {"\0alarm\0"s, "\0setitimer\0"s, "\0ualarm\0"s, "\0timer_create\0"s};
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return program->find(name) != std::string::npos; });
}

}  // namespace heddle::kernel
