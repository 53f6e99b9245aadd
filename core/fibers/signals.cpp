// Signals to another process. In Step they come to it as they do; a search knows those that end the process at once, without a
// handler that could begin at any step of it.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/interruptions.h"
#include "core/fibers/pids.h"
#include "core/fibers/processes.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

enum class Effect { kNone, kEnds, kOther };

// The signals of one line of /proc/PID/status (man 5 proc_pid_status).
std::uint64_t signals_of(const char* status, const char* name) {
    const char* const line = strstr(status, name);
    return line != nullptr ? strtoull(line + strlen(name), nullptr, 16) : ~std::uint64_t{0};
}

bool ends_by_default(int number) {
    for (const int other : {SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH}) {
        if (number == other) return false;
    }
    return number > 0 && number < NSIG;
}

// What it does to a process that stands still.
Effect effect_on(pid_t pid, int number) {
    if (number == SIGKILL) return Effect::kEnds;
    char path[48], text[4096] = {};
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    const int fd = HEDDLE_REAL(open)(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : HEDDLE_REAL(read)(fd, text, sizeof text - 1);
    if (fd >= 0) HEDDLE_REAL(close)(fd);
    if (got <= 0 || !ends_by_default(number)) return Effect::kOther;
    const std::uint64_t bit = std::uint64_t{1} << (number - 1);
    if (((signals_of(text, "SigCgt:") | signals_of(text, "SigBlk:")) & bit) != 0) return Effect::kOther;
    return (signals_of(text, "SigIgn:") & bit) != 0 ? Effect::kNone : Effect::kEnds;
}

// Of a process at the gate; kMostProcesses: none.
std::uint8_t process_of(pid_t pid) {
    std::uint8_t number = 0;
    while (number < g_common.process_count && g_common.processes[number].pid != pid) ++number;
    return number < g_common.process_count ? number : static_cast<std::uint8_t>(kMostProcesses);
}

// Its own signals, those to several, and those to the first process, whose memory is looked at in the end, are left to Step.
int kill_explored(pid_t pid, int number, std::uint64_t pc) {
    const std::uint8_t target = process_of(pid);
    if (pid <= 0 || number == 0 || target == kMostProcesses || target == g_process || target == 0) unsupported("kill", pc);
    Process& process = g_common.processes[target];
    made_progress();
    if (!process.at_gate) {
        last_step().operation.flags |= trace::operation_flags::kFailed;
        if (process.reaped) errno = ESRCH;
        return process.reaped ? -1 : 0;
    }
    const Effect effect = effect_on(pid, number);
    if (effect == Effect::kOther) unsupported("kill", pc);
    if (effect == Effect::kNone) last_step().operation.flags |= trace::operation_flags::kFailed;
    const int result = HEDDLE_REAL(kill)(pid, number);
    if (effect == Effect::kEnds && !await_and_bury(target)) unsupported("kill", pc);
    return result;
}

int kill_at_gate(pid_t shown, int number, std::uint64_t pc) {
    need_threads("kill", pc);
    const pid_t pid = real_pid(shown);
    Operation operation;
    operation.kind = OperationKind::kKill;
    operation.object = pid > 0 ? announced_pid(pid) : 0;
    operation.value = static_cast<std::uint64_t>(number);
    operation.pc = pc;
    perform(operation);
    if (g_searching) return kill_explored(pid, number, pc);
    const std::uint8_t target = process_of(pid);
    const bool ends = target != kMostProcesses && target != g_process && g_common.processes[target].at_gate &&
                      effect_on(pid, number) == Effect::kEnds;
    g_common.signals_sent = g_common.signals_sent || !ends;
    const std::uint32_t begun = g_common.handlers_begun;
    const int result = HEDDLE_REAL(kill)(pid, number);
    if (result == 0 && ends) {
        await_and_bury(target);
    } else if (result == 0 && number != 0 && !is_alone()) {
        await_handler(begun);
    }
    return result;
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int kill(pid_t pid, int number) noexcept {
    if (!g_exploring || (g_on_threads && is_stranger())) return HEDDLE_REAL(kill)(pid, number);
    HEDDLE_PASS_HOOK();
    return kill_at_gate(pid, number, HEDDLE_CALLER);
}
// Without a handler it is ended where it waits.
HEDDLE_EXPORT int pause() {
    if (!g_exploring) return HEDDLE_REAL(pause)();
    if (!g_searching) {
        next_tick(current());  // as where it is a step
        return outside(HEDDLE_CALLER, [] { return HEDDLE_REAL(pause)(); });
    }
    HEDDLE_PASS_HOOK();
    need_threads("pause", HEDDLE_CALLER);
    Operation operation;
    operation.kind = OperationKind::kPause;
    operation.pc = HEDDLE_CALLER;
    perform_when(operation, Wait{}, [] { return false; });
    return -1;
}
