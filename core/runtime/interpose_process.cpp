// Processes: fork, vfork, spawn, exec, wait, exit.
#include <stdarg.h>
#include <sys/resource.h>

#include "core/runtime/library_access.h"
#include "core/runtime/page_state.h"
#include "core/trace/stored_calls.h"

using namespace heddle::runtime;

namespace {

// Where the lab holds as many processes as it may, Heddle ends the run; until it has come to that, those that go on trying fill
// no rings and leave it a CPU.
void pause_refused() {
    const timespec pause{0, 5'000'000};
    arch::system_call(SYS_nanosleep, reinterpret_cast<long>(&pause), 0);
}

template <typename Function>
pid_t fork_with(Function function, std::uintptr_t pc) {
    real::ensure();
    if (!g_process.attached.load(std::memory_order_acquire) || self().in_vfork) return function();
    ThreadState& thread = self();
    call_begin(CallId::kFork, 0, 0, pc);
    if (!count_process()) {
        pause_refused();
        call_end(CallId::kFork, 0, -EAGAIN, pc);
        errno = EAGAIN;
        return -1;
    }
    record_pages(thread);
    thread.fork_counted = true;
    const pid_t child = function();
    const int saved_errno = errno;
    thread.fork_counted = false;
    if (child < 0) uncount_process();
    if (child > 0) g_process.pages_watched.store(true, std::memory_order_relaxed);
    call_end(CallId::kFork, 0, child < 0 ? -static_cast<std::int64_t>(saved_errno) : child, pc);
    if (child >= 0) record_pages(thread);
    errno = saved_errno;
    return child;
}

// execl and its kin: how many words follow `first` up to the null.
std::size_t count_words(const char* first, va_list list) {
    std::size_t count = 0;
    for (const char* word = first; word != nullptr; word = va_arg(list, const char*)) ++count;
    return count;
}

}  // namespace

HEDDLE_EXPORT pid_t fork() noexcept {
    return fork_with([] { return real::fork(); }, HEDDLE_CALLER);
}
// Runs no fork handlers, so the child starts anew here.
HEDDLE_EXPORT pid_t _Fork() noexcept {
    return fork_with(
        [] {
            settle(self());
            const pid_t child = real::_Fork();
            if (child == 0 && g_process.attached.load() && self().slot != nullptr) restart_in_child();
            return child;
        },
        HEDDLE_CALLER);
}

// The child of a vfork runs on its parent's stack and thread-local storage, so it records nothing; the parent takes over where
// it was when the child has called exec or _exit. vfork itself returns twice through one frame, so it is written in assembly:
// the return address stays in a register across the system call.
extern "C" __attribute__((visibility("hidden"), used)) void heddle_vfork_begin(std::uintptr_t pc) {
    call_begin(CallId::kVfork, 0, 0, pc);
    ThreadState& thread = self();
    settle(thread);
    if (thread.in_vfork) return;
    thread.phase_before_vfork = thread.phase;
    thread.phase = Phase::kOff;
    thread.in_vfork = true;
}
extern "C" __attribute__((visibility("hidden"), used)) long heddle_vfork_end(long result, std::uintptr_t pc) {
    if (result == 0) return 0;
    ThreadState& thread = self();
    if (current_pid() == g_process.pid || !g_process.attached.load()) {
        thread.in_vfork = false;
        thread.phase = thread.phase_before_vfork;
    }
    call_end(CallId::kVfork, 0, result, pc);
    if (result > 0) return result;
    errno = static_cast<int>(-result);
    return -1;
}

#if defined(__x86_64__)
asm(R"(
    .text
    .globl vfork
    .type vfork, @function
vfork:
    .cfi_startproc
    movq (%rsp), %rdi
    subq $8, %rsp
    call heddle_vfork_begin
    addq $8, %rsp
    popq %rdi
    movl $58, %eax
    syscall
    pushq %rdi
    movq %rdi, %rsi
    movq %rax, %rdi
    subq $8, %rsp
    call heddle_vfork_end
    addq $8, %rsp
    ret
    .cfi_endproc
    .size vfork, . - vfork
)");
#elif defined(__aarch64__)
asm(R"(
    .text
    .globl vfork
    .type vfork, @function
vfork:
    stp x29, x30, [sp, #-16]!
    mov x0, x30
    bl heddle_vfork_begin
    ldp x29, x30, [sp], #16
    mov x0, #0x4111
    mov x1, #0
    mov x2, #0
    mov x3, #0
    mov x4, #0
    mov x8, #220
    svc #0
    stp x29, x30, [sp, #-16]!
    mov x1, x30
    bl heddle_vfork_end
    ldp x29, x30, [sp], #16
    ret
    .size vfork, . - vfork
)");
#endif

HEDDLE_EXPORT int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                              const posix_spawnattr_t* attributes, char* const argv[], char* const envp[]) noexcept {
    const auto pc = HEDDLE_CALLER;
    pid_t child = 0;
    call_begin(CallId::kSpawn, 0, 0, pc);
    const int error = real::posix_spawn(&child, path, actions, attributes, argv, envp);
    if (error == 0 && pid != nullptr) *pid = child;
    call_end(CallId::kSpawn, 0, error == 0 ? child : -static_cast<std::int64_t>(error), pc);
    return error;
}
HEDDLE_EXPORT int posix_spawnp(pid_t* pid, const char* file, const posix_spawn_file_actions_t* actions,
                               const posix_spawnattr_t* attributes, char* const argv[], char* const envp[]) noexcept {
    const auto pc = HEDDLE_CALLER;
    pid_t child = 0;
    call_begin(CallId::kSpawn, 0, 0, pc);
    const int error = real::posix_spawnp(&child, file, actions, attributes, argv, envp);
    if (error == 0 && pid != nullptr) *pid = child;
    call_end(CallId::kSpawn, 0, error == 0 ? child : -static_cast<std::int64_t>(error), pc);
    return error;
}

HEDDLE_EXPORT int execve(const char* path, char* const argv[], char* const envp[]) noexcept {
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execve(path, argv, envp); });
}
HEDDLE_EXPORT int execv(const char* path, char* const argv[]) noexcept {
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execv(path, argv); });
}
HEDDLE_EXPORT int execvp(const char* file, char* const argv[]) noexcept {
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execvp(file, argv); });
}
HEDDLE_EXPORT int execvpe(const char* file, char* const argv[], char* const envp[]) noexcept {
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execvpe(file, argv, envp); });
}
HEDDLE_EXPORT int fexecve(int fd, char* const argv[], char* const envp[]) noexcept {
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::fexecve(fd, argv, envp); });
}
HEDDLE_EXPORT int execveat(int fd, const char* path, char* const argv[], char* const envp[], int flags) noexcept {
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execveat(fd, path, argv, envp, flags); });
}
// Their words as an array on the stack, of the size that is needed (the child of a vfork, a small stack: no room to waste).
#define HEDDLE_COLLECT(first)                                                         \
    va_list list;                                                                     \
    va_start(list, first);                                                            \
    const std::size_t words = count_words(first, list);                               \
    va_end(list);                                                                     \
    auto** argv = static_cast<char**>(__builtin_alloca((words + 1) * sizeof(char*))); \
    va_start(list, first);                                                            \
    argv[0] = const_cast<char*>(first);                                               \
    for (std::size_t i = 1; i <= words; ++i) argv[i] = va_arg(list, char*)

HEDDLE_EXPORT int execl(const char* path, const char* first, ...) noexcept {
    HEDDLE_COLLECT(first);
    va_end(list);
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execv(path, argv); });
}
HEDDLE_EXPORT int execlp(const char* file, const char* first, ...) noexcept {
    HEDDLE_COLLECT(first);
    va_end(list);
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execvp(file, argv); });
}
HEDDLE_EXPORT int execle(const char* path, const char* first, ...) noexcept {
    HEDDLE_COLLECT(first);
    char* const* envp = va_arg(list, char* const*);
    va_end(list);
    return errno_call(CallId::kExec, nullptr, 0, HEDDLE_CALLER, [&] { return real::execve(path, argv, envp); });
}

namespace {

// Records what a wait reaped: its status is what the program's end is known by.
void note_wait(pid_t reaped, int status, std::uintptr_t pc) {
    const bool gone = reaped > 0 && (WIFEXITED(status) || WIFSIGNALED(status));
    call_end(CallId::kWait, gone ? static_cast<std::uint64_t>(static_cast<std::uint32_t>(status)) : 0,
             reaped == -1 ? -static_cast<std::int64_t>(errno)
             : gone       ? reaped
                          : 0,
             pc);
    if (gone) note_reaped(reaped);
}

// Around a wait that returns the process it reaped and its status.
template <typename Function>
pid_t wait_call(std::int64_t awaited, int* status, std::uintptr_t pc, Function function) {
    int own_status = 0;
    auto access = library_access(reinterpret_cast<const void*>(pc), nullptr);
    heddle::trace::stores::expects(access, status);
    call_begin(CallId::kWait, 0, static_cast<std::uint64_t>(awaited), pc);
    const pid_t reaped = function(status != nullptr ? status : &own_status);
    note_wait(reaped, status != nullptr ? *status : own_status, pc);
    const heddle::trace::KeptErrno kept;
    heddle::trace::stores::has_stored(access, status, reaped > 0);
    access.show();
    return reaped;
}

}  // namespace

HEDDLE_EXPORT pid_t wait(int* status) {
    return wait_call(-1, status, HEDDLE_CALLER, [](int* out) { return real::wait(out); });
}
HEDDLE_EXPORT pid_t waitpid(pid_t pid, int* status, int flags) {
    return wait_call(pid, status, HEDDLE_CALLER, [&](int* out) { return real::waitpid(pid, out, flags); });
}
HEDDLE_EXPORT int waitid(idtype_t type, id_t id, siginfo_t* info, int flags) {
    call_begin(CallId::kWait, 0, id, HEDDLE_CALLER);
    const int result = real::waitid(type, id, info, flags);
    const bool taken = result == 0 && info != nullptr && (flags & WNOWAIT) == 0;
    const bool killed = taken && (info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED);
    const bool gone = killed || (taken && info->si_code == CLD_EXITED);
    const int status = !gone ? 0 : killed ? info->si_status : info->si_status << 8;
    note_wait(result == -1 ? -1 : gone ? info->si_pid : 0, status, HEDDLE_CALLER);
    return result;
}
HEDDLE_EXPORT pid_t wait3(int* status, int flags, rusage* usage) noexcept {
    return wait_call(-1, status, HEDDLE_CALLER, [&](int* out) { return real::wait3(out, flags, usage); });
}
HEDDLE_EXPORT pid_t wait4(pid_t pid, int* status, int flags, rusage* usage) noexcept {
    return wait_call(pid, status, HEDDLE_CALLER, [&](int* out) { return real::wait4(pid, out, flags, usage); });
}

// The end itself is recorded after the program's own exit handlers and destructors (process.cpp).
HEDDLE_EXPORT void exit(int code) noexcept(noexcept(::exit(0))) {
    call_begin(CallId::kExit, 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(code)), HEDDLE_CALLER);
    real::exit(code);
    __builtin_unreachable();
}
HEDDLE_EXPORT void quick_exit(int code) noexcept {
    call_begin(CallId::kExit, 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(code)), HEDDLE_CALLER);
    note_quick_exit(code);
    real::quick_exit(code);
    __builtin_unreachable();
}
HEDDLE_EXPORT void _exit(int code) {
    call_begin(CallId::kExit, 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(code)), HEDDLE_CALLER);
    end_process(code & 0xff);
    real::_exit(code);
    __builtin_unreachable();
}
HEDDLE_EXPORT void _Exit(int code) noexcept {
    call_begin(CallId::kExit, 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(code)), HEDDLE_CALLER);
    end_process(code & 0xff);
    real::_exit(code);
    __builtin_unreachable();
}
