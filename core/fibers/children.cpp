// Waiting for a child process: an operation that may be chosen when there is one that has ended.
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/library_access.h"
#include "core/fibers/pids.h"
#include "core/fibers/processes.h"
#include "core/fibers/real.h"
#include "core/trace/stored_calls.h"

namespace heddle::fibers {
namespace {

struct Awaited {
    idtype_t type;
    id_t id;
};

// As waitpid names them (man 2 waitpid).
Awaited awaited_by(pid_t pid) {
    if (pid > 0) return {P_PID, static_cast<id_t>(pid)};
    if (pid == -1) return {P_ALL, 0};
    return {P_PGID, static_cast<id_t>(pid == 0 ? ::getpgrp() : -pid)};
}

// states: of waitid, WEXITED and others. Also when there is no such child: then the call says so at once.
bool would_not_wait(const Awaited& awaited, int states) {
    siginfo_t child{};
    const int saved = errno;
    const int result = HEDDLE_REAL(waitid)(awaited.type, awaited.id, &child, states | WNOHANG | WNOWAIT);
    errno = saved;
    return result != 0 || child.si_pid != 0;
}

int states_of(int options) {
    return WEXITED | (options & WUNTRACED) | (options & WCONTINUED);  // WUNTRACED is waitid's WSTOPPED
}

// Who it was that the call told of, which is gone now unless it is to be told of again.
void note_reaped(pid_t child, bool again) {
    for (std::uint32_t i = 0; i < g_common.process_count && child > 0 && !again; ++i) {
        Process& process = g_common.processes[i];
        process.reaped = process.reaped || (process.pid == child && has_ended(child));
    }
    Operation& operation = last_step().operation;
    if (child < 0) operation.flags |= trace::operation_flags::kFailed;
    if (child > 0 && g_searching) operation.value = announced_pid(child);
    made_progress();
}

// Announces the wait, and returns when it is to be made. False: it fails.
bool begin_to_wait(const Awaited& awaited, int states, bool waits, std::uint64_t pc) {
    Operation operation;
    operation.kind = OperationKind::kWaitChild;
    operation.object = awaited.type == P_PID ? announced_pid(static_cast<pid_t>(awaited.id)) : 0;
    operation.pc = pc;
    if (waits) {
        constexpr Wait kWait{false, false, OnHandler::kFailsUnlessRestarted};
        perform_when(operation, kWait, [&] { return would_not_wait(awaited, states); });
    } else {
        operation.flags |= trace::operation_flags::kDoesNotWait;
        perform(operation);
    }
    return !fails_with_eintr();
}

pid_t wait_for_child(pid_t shown, int* status, int options, rusage* used, std::uint64_t pc) {
    const pid_t pid = real_pid(shown);
    if (!begin_to_wait(awaited_by(pid), states_of(options), (options & WNOHANG) == 0, pc)) return -1;
    const pid_t child = HEDDLE_REAL(wait4)(pid, status, options, used);
    note_reaped(child, false);
    return shown_pid(child);
}

int wait_for_child(idtype_t type, id_t shown, siginfo_t* out, int options, std::uint64_t pc) {
    const Awaited awaited{type, type == P_PID ? static_cast<id_t>(real_pid(static_cast<pid_t>(shown))) : shown};
    const int states = options & (WEXITED | WSTOPPED | WCONTINUED);
    if (!begin_to_wait(awaited, states, (options & WNOHANG) == 0, pc)) return -1;
    siginfo_t unused{};
    siginfo_t* const child = out != nullptr ? out : &unused;
    const int result = HEDDLE_REAL(waitid)(awaited.type, awaited.id, child, options);
    note_reaped(result < 0 ? -1 : child->si_pid, (options & WNOWAIT) != 0);
    if (result == 0) child->si_pid = shown_pid(child->si_pid);
    return result;
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;
using namespace heddle::trace::stores;

// out: where it says how the child ended; `done` tells whether it does.
#define HEDDLE_WAIT(type, name, parameters, arguments, as_pid, out, says)                      \
    HEDDLE_EXPORT type name parameters {                                                       \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                                  \
        need_threads(#name, HEDDLE_CALLER);                                                    \
        auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0)); \
        expects(access, out);                                                                  \
        HEDDLE_PASS_HOOK();                                                                    \
        const type done = wait_for_child as_pid;                                               \
        const heddle::trace::KeptErrno kept;                                                   \
        has_stored(access, out, says);                                                         \
        return done;                                                                           \
    }
HEDDLE_WAIT(pid_t, wait, (int* s), (s), (-1, s, 0, nullptr, HEDDLE_CALLER), s, done > 0)
HEDDLE_WAIT(pid_t, waitpid, (pid_t p, int* s, int o), (p, s, o), (p, s, o, nullptr, HEDDLE_CALLER), s, done > 0)
HEDDLE_WAIT(pid_t, wait3, (int* s, int o, rusage* u) noexcept, (s, o, u), (-1, s, o, u, HEDDLE_CALLER), s, done > 0)
HEDDLE_WAIT(pid_t, wait4, (pid_t p, int* s, int o, rusage* u) noexcept, (p, s, o, u), (p, s, o, u, HEDDLE_CALLER), s, done > 0)
HEDDLE_WAIT(int, waitid, (idtype_t k, id_t i, siginfo_t* s, int o), (k, i, s, o), (k, i, s, o, HEDDLE_CALLER), s, done == 0)
