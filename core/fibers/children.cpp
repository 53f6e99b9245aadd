// Waiting for a child process: an operation that may be chosen when there is one that has ended.
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/fibers/carrier.h"

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

template <typename Call>
auto wait_for_child(const Awaited& awaited, int states, bool waits, std::uint64_t pc, Call call) {
    Operation operation;
    operation.kind = OperationKind::kWaitChild;
    operation.object = awaited.type == P_PID ? awaited.id : 0;
    operation.pc = pc;
    if (waits) {
        perform_when(operation, false, [&] { return would_not_wait(awaited, states); });
    } else {
        perform(operation);
    }
    const auto result = call();
    if (result < 0) last_step().operation.flags |= trace::operation_flags::kFailed;
    made_progress();
    return result;
}

int states_of(int options) {
    return WEXITED | (options & WUNTRACED) | (options & WCONTINUED);  // WUNTRACED is waitid's WSTOPPED
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

#define HEDDLE_WAIT(type, name, parameters, arguments, awaited, states, waits)                                               \
    HEDDLE_EXPORT type name parameters {                                                                                     \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                                                                \
        if (!g_on_threads) unsupported(#name, HEDDLE_CALLER);                                                                \
        HEDDLE_PASS_HOOK();                                                                                                  \
        return wait_for_child(awaited, states, waits, HEDDLE_CALLER, [&]() -> type { return HEDDLE_REAL(name) arguments; }); \
    }
HEDDLE_WAIT(pid_t, wait, (int* s), (s), awaited_by(-1), WEXITED, true)
HEDDLE_WAIT(pid_t, waitpid, (pid_t p, int* s, int o), (p, s, o), awaited_by(p), states_of(o), (o & WNOHANG) == 0)
HEDDLE_WAIT(pid_t, wait3, (int* s, int o, rusage* u) noexcept, (s, o, u), awaited_by(-1), states_of(o), (o & WNOHANG) == 0)
HEDDLE_WAIT(pid_t, wait4, (pid_t p, int* s, int o, rusage* u) noexcept, (p, s, o, u), awaited_by(p), states_of(o),
            (o & WNOHANG) == 0)
HEDDLE_WAIT(int, waitid, (idtype_t k, id_t i, siginfo_t* s, int o), (k, i, s, o), (Awaited{k, i}),
            (o & (WEXITED | WSTOPPED | WCONTINUED)), (o & WNOHANG) == 0)
