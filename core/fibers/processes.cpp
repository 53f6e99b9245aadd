#include "core/fibers/processes.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <new>

#include "core/fibers/carrier.h"
#include "core/fibers/exits.h"
#include "core/fibers/objects.h"
#include "core/fibers/older_values.h"
#include "core/fibers/pids.h"
#include "core/trace/ending_text.h"

namespace heddle::fibers {

constinit Common g_common{};
std::uint8_t g_process = 0;

bool share_with_children() {
    // Nothing has been written there yet; all but the policies is zero.
    constexpr int kHow = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED;
    if (HEDDLE_REAL(mmap)(&g_common, sizeof(Common), PROT_READ | PROT_WRITE, kHow, -1, 0) == MAP_FAILED) return false;
    new (&g_common.policies) Policies{};
    return true;
}

bool has_ended(std::int32_t pid) {
    const auto fd = static_cast<int>(HEDDLE_REAL(syscall)(SYS_pidfd_open, pid, 0));
    if (fd < 0) return true;
    pollfd one{fd, POLLIN, 0};
    const bool ended = HEDDLE_REAL(poll)(&one, 1, 0) != 0;
    HEDDLE_REAL(close)(fd);
    return ended;
}

void note_first_process() {
    g_common.processes[0] = {own_pid(), true, false, false, 0};
    g_common.process_count = 1;
}

void note_free_process(std::int32_t pid) {
    if (pid > 0 && g_common.free_count < kMostFree) g_common.free[g_common.free_count++] = pid;
}

bool anybody_runs_free() {
    for (std::uint32_t i = 0; i < g_common.free_count;) {
        if (!has_ended(g_common.free[i])) return true;
        g_common.free[i] = g_common.free[--g_common.free_count];
    }
    return false;
}

bool anybody_else_at_gate() {
    for (std::uint32_t i = 0; i < g_common.process_count; ++i) {
        const Process& process = g_common.processes[i];
        if (i != g_process && process.at_gate && !has_ended(process.pid)) return true;
    }
    return false;
}

bool is_stranger() {
    return g_common.processes[g_process].pid != own_pid();
}

namespace {

void take_threads_away(std::uint8_t process) {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        Fiber& fiber = g_fibers[i];
        if (fiber.process != process) continue;
        if (fiber.alive && i != g_current) fiber.cut_off = g_board->step_count;
        fiber.alive = false;
    }
    g_common.processes[process].at_gate = false;
}

// It is on its way out, which takes no time; what takes longer goes on by itself.
bool await_end_of(std::int32_t pid) {
    constexpr int kMostTries = 20'000;
    const timespec pause{0, 100'000};
    for (int look = 0; look < kMostTries && !has_ended(pid); ++look) HEDDLE_REAL(nanosleep)(&pause, nullptr);
    return has_ended(pid);
}

void await_end(Process& process) {
    process.leaving = false;
    if (!await_end_of(process.pid)) note_free_process(process.pid);
}

}  // namespace

bool bury_ended_processes() {
    bool any = false;
    for (std::uint32_t i = 0; i < g_common.process_count; ++i) {
        Process& process = g_common.processes[i];
        if (i == g_process) continue;
        if (process.leaving) await_end(process);
        if (!process.at_gate || !has_ended(process.pid)) continue;
        take_threads_away(static_cast<std::uint8_t>(i));
        any = true;
    }
    return any;
}

bool await_and_bury(std::uint8_t process) {
    if (!await_end_of(g_common.processes[process].pid)) return false;
    take_threads_away(process);
    return true;
}

void take_own_threads_away(bool leaving) {
    take_threads_away(g_process);
    g_common.processes[g_process].leaving = leaving;
}

namespace {

// The thread that the child process has, as a copy of the running one; kMostFibers: no room for another process.
std::uint32_t add_process() {
    if (g_common.process_count == kMostProcesses) return trace::kMostFibers;
    const std::uint32_t number = next_number();
    const Fiber& parent = current();
    reset_fiber(number, nullptr, nullptr);
    Fiber& child = g_fibers[number];
    memcpy(child.calls, parent.calls, sizeof child.calls);
    child.call_depth = parent.call_depth;
    child.thread_pointer = parent.thread_pointer;
    child.stack_low = parent.stack_low, child.stack_high = parent.stack_high, child.user_stack = parent.user_stack;
    child.held_locks = parent.held_locks, child.last_lock = parent.last_lock;
    child.process = static_cast<std::uint8_t>(g_common.process_count);
    child.able = true;
    g_common.processes[g_common.process_count++] = {0, true, false, false, number};
    leave_older_values();
    return number;
}

void drop_process(std::uint32_t number) {
    g_fibers[number].used = g_fibers[number].alive = false;
    g_common.processes[g_fibers[number].process].at_gate = false;
}

pid_t fork_at_gate(std::uint64_t pc) {
    Operation operation;
    operation.kind = OperationKind::kFork;
    operation.pc = pc;
    if (g_searching && has_other_threads()) operation.value = 1;
    perform(operation);
    const std::uint32_t parent = g_current, number = add_process();
    const bool room = number < trace::kMostFibers;
    if (!room && g_searching) end_execution(trace::Ending::kTooManyThreads, 0, pc, trace::ending_text::kManyProcesses.words);
    if (room) last_step().operation.object = number;
    g_exploring = false;  // what is to be done at a fork (pthread_atfork) is part of it
    const pid_t child = HEDDLE_REAL(fork)();
    if (child == 0) {
        if (!room) return forget_gate(), 0;
        g_process = g_fibers[number].process;
        g_unjoined = 0;
        hand_over_objects(parent, number);
        g_common.processes[g_process].pid = own_pid();
        stand_as_child(number);
        tell_libc_of_threads();
        g_exploring = true;
        return 0;
    }
    g_exploring = true;
    if (!room) {
        note_free_process(child);
    } else if (child < 0) {
        drop_process(number);
    } else {
        g_common.processes[g_fibers[number].process].pid = child;
        g_board->tids[number] = g_board->pids[number] = child;
    }
    made_progress();
    return shown_pid(child);
}

// Another program takes this one's place, which stands at no gate; the call comes back only where that fails.
template <typename Call>
int execute(const char* name, std::uint64_t pc, Call call) {
    if (!g_exploring) return call();
    if (g_searching) unsupported(name, pc);
    if (is_stranger()) {
        note_free_process(own_pid());
        return call();
    }
    if (!anybody_else_at_gate()) return call();
    std::uint64_t mine = 0;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (g_fibers[i].alive && is_mine(g_fibers[i])) mine |= std::uint64_t{1} << i;
    }
    Process& process = g_common.processes[g_process];
    note_free_process(process.pid);
    current().outside = true;
    take_own_threads_away(false);
    pass_turn_on();
    const int result = call();
    const int error = errno;
    process.at_gate = true;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) g_fibers[i].alive = g_fibers[i].alive || (mine >> i & 1) != 0;
    come_back(pc, false);
    errno = error;
    return result;
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT pid_t fork() noexcept {
    if (!g_exploring) return HEDDLE_REAL(fork)();
    need_threads("fork", HEDDLE_CALLER);
    if (is_stranger()) return HEDDLE_REAL(fork)();
    HEDDLE_PASS_HOOK();
    return fork_at_gate(HEDDLE_CALLER);
}
HEDDLE_EXPORT pid_t vfork() noexcept {
    return fork();  // its child may do all that a vfork's may, and this frame stays whole
}

#define HEDDLE_EXECUTES(name, parameters, arguments)                                                  \
    HEDDLE_EXPORT int name parameters {                                                               \
        return execute(#name, HEDDLE_CALLER, [&]() noexcept { return HEDDLE_REAL(name) arguments; }); \
    }
HEDDLE_EXECUTES(execve, (const char* p, char* const a[], char* const e[]) noexcept, (p, a, e))
HEDDLE_EXECUTES(execvp, (const char* p, char* const a[]) noexcept, (p, a))
HEDDLE_EXECUTES(execvpe, (const char* p, char* const a[], char* const e[]) noexcept, (p, a, e))
HEDDLE_EXECUTES(execv, (const char* p, char* const a[]) noexcept, (p, a))
HEDDLE_EXECUTES(fexecve, (int f, char* const a[], char* const e[]) noexcept, (f, a, e))

// With the arguments one by one, up to a null pointer. In Step the runtime has made a list of them before they come here.
namespace {
struct List {
    static constexpr std::size_t kMost = 1024;
    char* arguments[kMost];
    char* const* environment = environ;
};
bool collect(List& list, const char* first, va_list rest, bool with_environment) {
    std::size_t count = 0;
    for (const char* each = first; count < List::kMost; each = va_arg(rest, const char*)) {
        list.arguments[count++] = const_cast<char*>(each);
        if (each != nullptr) continue;
        if (with_environment) list.environment = va_arg(rest, char* const*);
        return true;
    }
    errno = E2BIG;
    return false;
}
}  // namespace
#define HEDDLE_EXECUTES_LIST(name, real, with_environment)                                                    \
    HEDDLE_EXPORT int name(const char* path, const char* first, ...) noexcept {                               \
        List list;                                                                                            \
        va_list rest;                                                                                         \
        va_start(rest, first);                                                                                \
        const bool whole = collect(list, first, rest, with_environment);                                      \
        va_end(rest);                                                                                         \
        if (!whole) return -1;                                                                                \
        return execute(#name, HEDDLE_CALLER,                                                                  \
                       [&]() noexcept { return HEDDLE_REAL(real)(path, list.arguments, list.environment); }); \
    }
HEDDLE_EXECUTES_LIST(execl, execve, false)
HEDDLE_EXECUTES_LIST(execlp, execvpe, false)
HEDDLE_EXECUTES_LIST(execle, execve, true)

#define HEDDLE_SPAWN(name)                                                                                            \
    HEDDLE_EXPORT int name(pid_t* out, const char* path, const posix_spawn_file_actions_t* actions,                   \
                           const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) { \
        if (g_exploring && g_searching) unsupported(#name, HEDDLE_CALLER);                                            \
        pid_t child = 0;                                                                                              \
        const int error = HEDDLE_REAL(name)(&child, path, actions, attributes, arguments, environment);               \
        if (error != 0) return error;                                                                                 \
        if (g_exploring) note_free_process(child);                                                                    \
        if (out != nullptr) *out = child;                                                                             \
        return 0;                                                                                                     \
    }
HEDDLE_SPAWN(posix_spawn)
HEDDLE_SPAWN(posix_spawnp)
