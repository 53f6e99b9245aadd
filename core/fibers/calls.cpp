// What else the program may call during an execution: its end, chance, and what cannot be explored.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "core/fibers/carrier.h"
#include "core/fibers/exits.h"
#include "core/fibers/lab.h"
#include "core/fibers/pids.h"
#include "core/fibers/processes.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spin.h"

using namespace heddle::fibers;
using heddle::trace::Ending;

// The end.
namespace {
bool ends_program() {
    if (!g_exploring) return false;
    if (!g_on_threads || !is_stranger()) return true;
    note_free_process(own_pid());  // whoever waits for it may do so before it is quite gone
    return false;
}
}  // namespace
HEDDLE_EXPORT void exit(int code) noexcept {
    if (ends_program()) exit_program(code, true, HEDDLE_CALLER);
    HEDDLE_REAL(exit)(code);
    __builtin_unreachable();
}
HEDDLE_EXPORT void quick_exit(int code) noexcept {
    if (ends_program()) exit_program(code, false, HEDDLE_CALLER);
    HEDDLE_REAL(quick_exit)(code);
    __builtin_unreachable();
}
HEDDLE_EXPORT void _exit(int code) {
    if (ends_program()) exit_program(code, false, HEDDLE_CALLER);
    HEDDLE_REAL(_exit)(code);
    __builtin_unreachable();
}
HEDDLE_EXPORT void _Exit(int code) noexcept {
    if (ends_program()) exit_program(code, false, HEDDLE_CALLER);
    HEDDLE_REAL(_Exit)(code);
    __builtin_unreachable();
}
namespace {
void end_badly(Ending ending, int value, std::uint64_t pc, const char* text) {
    if (!g_exploring) return;
    if (g_searching) end_execution(ending, value, pc, text);
    if (!is_stranger()) leave_gate(ending, value, pc, text);
}
}  // namespace
HEDDLE_EXPORT void abort() noexcept {
    end_badly(Ending::kCrash, SIGABRT, HEDDLE_CALLER, ending_text::kAbort.words);
    HEDDLE_REAL(abort)();
    __builtin_unreachable();
}
HEDDLE_EXPORT void __assert_fail(const char* assertion, const char* file, unsigned line, const char* function) noexcept {
    end_badly(Ending::kAssertion, static_cast<int>(line), HEDDLE_CALLER, assertion);
    reinterpret_cast<void (*)(const char*, const char*, unsigned, const char*)>(::dlsym(RTLD_NEXT, "__assert_fail"))(
        assertion, file, line, function);
    __builtin_unreachable();
}

HEDDLE_EXPORT ssize_t getrandom(void* out, std::size_t bytes, unsigned how) {
    if (!g_exploring) return HEDDLE_REAL(getrandom)(out, bytes, how);
    for (std::size_t i = 0; i < bytes; ++i) static_cast<unsigned char*>(out)[i] = static_cast<unsigned char>(i * 37 + 11);
    return static_cast<ssize_t>(bytes);
}

// std::random_device, which asks the processor: the same for a thread each time, whatever the others do.
HEDDLE_EXPORT unsigned _ZNSt13random_device9_M_getvalEv(void* device) {
    using Real = unsigned (*)(void*);
    static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "_ZNSt13random_device9_M_getvalEv"));
    if (!g_exploring) return real(device);
    return static_cast<unsigned>(mix(mix(1, g_current), ++current().drawn) >> 32);
}
// Of the same file in the C++ library that is linked into this one, where nothing calls it: so that the file is left out.
extern "C" void _ZNSt13random_device7_M_initEPKcm(void*, const char*, std::size_t) {}

// What would leave the process, or come from outside the order of the steps.
#define HEDDLE_NOT_EXPLORED(type, name, parameters, arguments)             \
    HEDDLE_EXPORT type name parameters {                                   \
        if (g_exploring && g_searching) unsupported(#name, HEDDLE_CALLER); \
        return HEDDLE_REAL(name) arguments;                                \
    }
HEDDLE_NOT_EXPLORED(int, raise, (int s) noexcept, (s))
HEDDLE_NOT_EXPLORED(int, sigqueue, (pid_t p, int s, const union sigval v) noexcept, (p, s, v))
HEDDLE_NOT_EXPLORED(int, setitimer, (__itimer_which_t w, const itimerval* n, itimerval* o) noexcept, (w, n, o))
HEDDLE_NOT_EXPLORED(unsigned, alarm, (unsigned s) noexcept, (s))
HEDDLE_NOT_EXPLORED(int, timer_create, (clockid_t c, sigevent* e, timer_t* t) noexcept, (c, e, t))
// A handler could come at any step; without one, it is the kernel that ignores or ends. A write to a pipe that nobody reads
// from fails whatever is said here, and g_ends_at_broken_pipe tells what it comes to.
namespace heddle::fibers {
bool g_ends_at_broken_pipe = true;
}
namespace {
sighandler_t set_disposition(int signal, sighandler_t handler, const char* call, std::uint64_t pc) {
    if (handler != SIG_IGN && handler != SIG_DFL) unsupported(call, pc);
    need_threads(call, pc);
    if (signal != SIGPIPE) return HEDDLE_REAL(signal)(signal, handler);
    return std::exchange(g_ends_at_broken_pipe, handler == SIG_DFL) ? SIG_DFL : SIG_IGN;
}
}  // namespace
HEDDLE_EXPORT sighandler_t signal(int number, sighandler_t handler) noexcept {
    if (!g_exploring || !g_searching) return HEDDLE_REAL(signal)(number, handler);
    return set_disposition(number, handler, "signal", HEDDLE_CALLER);
}
HEDDLE_EXPORT int sigaction(int number, const struct sigaction* action, struct sigaction* before) noexcept {
    if (!g_exploring || !g_searching) return HEDDLE_REAL(sigaction)(number, action, before);
    if (action == nullptr || (action->sa_flags & SA_SIGINFO) != 0) unsupported("sigaction", HEDDLE_CALLER);
    const sighandler_t old = set_disposition(number, action->sa_handler, "sigaction", HEDDLE_CALLER);
    if (old == SIG_ERR) return -1;
    if (before != nullptr) *before = {}, before->sa_handler = old;
    return 0;
}
HEDDLE_EXPORT int socket(int domain, int type, int protocol) noexcept {
    if (g_exploring) need_threads("socket", HEDDLE_CALLER);
    return HEDDLE_REAL(socket)(domain, type, protocol);
}
