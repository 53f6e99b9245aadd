// A fault inside one of the runtime's own loads must not end the program: such a load reads memory whose access the program
// announced, but which another thread may have unmapped since. The loads are listed in a table (arch.h); SIGSEGV and SIGBUS
// go through `deliver`, which skips them. Every other fault is handed on: to the program's handler, or by restoring the
// disposition the program chose and letting the instruction fault again, so that exit status, si_addr and core are its own.
//
// A signal that arrives while a hook is at work waits until the hook is done: the handler's own hooks then find the ring whole.
// It is sent to the thread again with its original siginfo (man 2 rt_tgsigqueueinfo), some nanoseconds later. At a gate it
// waits until the thread has done what it was about to do, or waits for its turn (fibers/interruptions.h).
#include "core/runtime/signals.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

#include <utility>

#include "core/runtime/interpose.h"

extern "C" {
// The bounds of the fault table, defined by the linker.
extern const heddle::runtime::arch::FaultRow __start_heddle_faults[] __attribute__((visibility("hidden")));
extern const heddle::runtime::arch::FaultRow __stop_heddle_faults[] __attribute__((visibility("hidden")));
}

namespace heddle::runtime {
namespace {

constexpr int kSignals = 65;

// The program's action for a signal whose kernel-side handler is `deliver`.
struct ProgramAction {
    std::atomic<std::uintptr_t> handler;  // SIG_DFL, SIG_IGN or a function
    std::atomic<int> flags;
    sigset_t mask;
};
constinit ProgramAction g_actions[kSignals]{};
constinit std::atomic<bool> g_actions_locked{false};

std::uintptr_t value_of(sighandler_t handler) {
    return reinterpret_cast<std::uintptr_t>(handler);
}

bool skip_own_load(void* context) {
    const std::uintptr_t pc = arch::interrupted_pc(context);
    for (const auto* row = __start_heddle_faults; row != __stop_heddle_faults; ++row) {
        if (reinterpret_cast<std::uintptr_t>(&row->load) + static_cast<std::uintptr_t>(static_cast<std::intptr_t>(row->load)) !=
            pc) {
            continue;
        }
        const auto resume = static_cast<std::uintptr_t>(static_cast<std::intptr_t>(row->resume));
        arch::set_interrupted_pc(context, reinterpret_cast<std::uintptr_t>(&row->resume) + resume);
        self().attention |= attention::kLoadFaulted;
        return true;
    }
    return false;
}

bool is_fault(int number, const siginfo_t* info) {
    return info->si_code > 0 &&
           (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGTRAP);
}

bool is_guarded(int number) {
    return number == SIGSEGV || number == SIGBUS;
}

// The program left this signal to the kernel: make it so, and let it happen again.
void hand_to_kernel(int number, siginfo_t* info) {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    real::sigaction(number, &action, nullptr);
    if (is_fault(number, info)) return;  // the instruction runs again
    arch::system_call(SYS_rt_tgsigqueueinfo, current_pid(), current_tid(), number, reinterpret_cast<long>(info));
}

bool defer(ThreadState& thread, siginfo_t* info) {
    if (thread.block == nullptr || thread.deferred_count >= kMostDeferred) return false;
    static_assert(sizeof(siginfo_t) <= sizeof thread.block->deferred[0]);
    memcpy(thread.block->deferred[thread.deferred_count++], info, sizeof *info);
    thread.attention |= attention::kSignals;
    return true;
}

void run_handler(std::uintptr_t handler, int flags, int number, siginfo_t* info, void* context) {
    if ((flags & SA_SIGINFO) != 0) {
        reinterpret_cast<void (*)(int, siginfo_t*, void*)>(handler)(number, info, context);
    } else {
        reinterpret_cast<void (*)(int)>(handler)(number);
    }
}

bool waits_for_value(const ThreadState& thread) {
    return thread.pending != Pending::kNone && thread.pending != Pending::kAtomic;
}

// Completes the pending access with the guarded signals unblocked: inside a handler they may be blocked, and a load that
// faults then would end the program.
void settle_in_handler(ThreadState& thread) {
    const std::uint64_t guarded = std::uint64_t{1} << (SIGSEGV - 1) | std::uint64_t{1} << (SIGBUS - 1);
    std::uint64_t before = 0;
    arch::system_call(SYS_rt_sigprocmask, SIG_UNBLOCK, reinterpret_cast<long>(&guarded), reinterpret_cast<long>(&before), 8);
    settle(thread);
    arch::system_call(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<long>(&before), 0, 8);
}

void deliver(int number, siginfo_t* info, void* context) {
    const int saved_errno = errno;
    const bool fault = is_fault(number, info);
    if (fault && is_guarded(number) && skip_own_load(context)) return;
    ThreadState& thread = self();
    if (!fault && thread.phase == Phase::kBusy && defer(thread, info)) return;
    ProgramAction& action = g_actions[number];
    const std::uintptr_t handler = action.handler.load(std::memory_order_acquire);
    const int flags = action.flags.load(std::memory_order_relaxed);
    const bool fatal = fault && (handler == value_of(SIG_DFL) || handler == value_of(SIG_IGN));
    if (fatal && waits_for_value(thread)) return hand_to_kernel(number, info);  // the access stays pending, to be seen
    const bool runs = handler != value_of(SIG_DFL) && handler != value_of(SIG_IGN);
    const bool at_gate = thread.at_gate;
    alignas(16) unsigned char interrupted[gate::kHandlerRoom];
    const bool restarts = (flags & static_cast<int>(SA_RESTART)) != 0;
    const bool interrupts = runs && !fault && gate::holds(thread) && gate::g_hooks.begin_handler(interrupted, restarts);
    if (runs && !fault && at_gate && !interrupts && defer(thread, info)) return;
    if (thread.phase == Phase::kReady) {
        if (waits_for_value(thread)) settle_in_handler(thread);
        emit(thread, trace::Kind::kSignal, static_cast<std::uint8_t>(number), arch::interrupted_pc(context),
             address_of(info->si_addr), static_cast<std::uint64_t>(static_cast<std::int64_t>(info->si_code)));
    }
    if (handler == value_of(SIG_IGN) && !fault) return;
    if (handler == value_of(SIG_DFL) || handler == value_of(SIG_IGN)) return hand_to_kernel(number, info);
    thread.at_gate = false;
    if ((flags & static_cast<int>(SA_RESETHAND)) != 0) action.handler.store(value_of(SIG_DFL), std::memory_order_release);
    const std::uint32_t quiet = thread.quiet;
    thread.quiet = 0;  // the handler's calls are the program's own, whatever it interrupted
    errno = saved_errno;
    run_handler(handler, flags, number, info, context);
    thread.quiet = quiet;
    if (interrupts) {
        settle(thread);  // others may look
        gate::g_hooks.end_handler(interrupted);
    }
    thread.at_gate = at_gate;
}

class ActionLock {
public:
    ActionLock() {
        sigset_t all;
        memset(&all, 0xff, sizeof all);
        arch::system_call(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<long>(&all), reinterpret_cast<long>(&before_), 8);
        while (g_actions_locked.exchange(true, std::memory_order_acquire)) arch::system_call(SYS_sched_yield);
    }
    ~ActionLock() {
        g_actions_locked.store(false, std::memory_order_release);
        arch::system_call(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<long>(&before_), 0, 8);
    }
    ActionLock(const ActionLock&) = delete;
    ActionLock& operator=(const ActionLock&) = delete;

private:
    sigset_t before_{};
};

bool is_wrapped(const struct sigaction& action) {
    return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == deliver;
}

// What the program believes is installed.
struct sigaction program_view(int number, const struct sigaction& installed) {
    if (!is_wrapped(installed)) return installed;
    struct sigaction view = installed;
    const ProgramAction& action = g_actions[number];
    view.sa_flags = action.flags.load();
    view.sa_mask = action.mask;
    view.sa_handler = reinterpret_cast<sighandler_t>(action.handler.load());
    return view;
}

struct sigaction wrapper_for(int number, const struct sigaction& wanted) {
    struct sigaction wrapper = wanted;
    wrapper.sa_sigaction = deliver;
    wrapper.sa_flags |= SA_SIGINFO;
    if (is_guarded(number)) {
        wrapper.sa_flags &= ~static_cast<int>(SA_RESETHAND);  // done by `deliver`: the guard stays
        if (wanted.sa_handler == SIG_DFL || wanted.sa_handler == SIG_IGN) wrapper.sa_flags |= SA_ONSTACK;
    }
    return wrapper;
}

bool wants_wrapper(int number, const struct sigaction& wanted) {
    return is_guarded(number) || (wanted.sa_handler != SIG_DFL && wanted.sa_handler != SIG_IGN);
}

int set_action(int number, const struct sigaction* wanted, struct sigaction* old) {
    if (!g_process.attached.load(std::memory_order_acquire) || number <= 0 || number >= kSignals || number == SIGKILL ||
        number == SIGSTOP || self().in_vfork) {
        return real::sigaction(number, wanted, old);
    }
    const ActionLock lock;
    struct sigaction installed {};
    if (const int error = real::sigaction(number, nullptr, &installed); error != 0) return error;
    const struct sigaction view = program_view(number, installed);
    if (wanted != nullptr) {
        ProgramAction& action = g_actions[number];
        const struct sigaction asked = *wanted;  // `old` may be the same object
        if (wants_wrapper(number, asked)) {
            action.handler.store(value_of(asked.sa_handler));
            action.flags.store(asked.sa_flags);
            action.mask = asked.sa_mask;
            const struct sigaction wrapper = wrapper_for(number, asked);
            if (const int error = real::sigaction(number, &wrapper, nullptr); error != 0) return error;
        } else if (const int error = real::sigaction(number, &asked, nullptr); error != 0) {
            return error;
        }
    }
    if (old != nullptr) *old = view;
    return 0;
}

sighandler_t set_handler(int number, sighandler_t handler, int flags, std::uintptr_t pc) {
    struct sigaction action {
    }, old{};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    if ((flags & static_cast<int>(SA_NODEFER)) == 0) sigaddset(&action.sa_mask, number);
    call_begin(CallId::kSigaction, 0, static_cast<std::uint64_t>(number), pc);
    const int error = set_action(number, &action, &old);
    call_end(CallId::kSigaction, 0, error == 0 ? 0 : -static_cast<std::int64_t>(errno), pc);
    return error == 0 ? old.sa_handler : SIG_ERR;
}

}  // namespace

void guard_faults() {
    for (const int number : {SIGSEGV, SIGBUS}) {
        struct sigaction installed {};
        if (real::sigaction(number, nullptr, &installed) != 0) continue;
        g_actions[number].handler.store(value_of(installed.sa_handler));
        g_actions[number].flags.store(installed.sa_flags);
        g_actions[number].mask = installed.sa_mask;
        const struct sigaction wrapper = wrapper_for(number, installed);
        real::sigaction(number, &wrapper, nullptr);
    }
}

void redeliver_signals(ThreadState& thread) {
    thread.attention &= static_cast<std::uint16_t>(~attention::kSignals);
    unsigned char infos[kMostDeferred][128];  // some may have to wait once more
    std::uint32_t left = std::exchange(thread.deferred_count, 0U);
    if (left > 0) memcpy(infos, thread.block->deferred, sizeof infos);
    while (left > 0) {
        const auto* signal = reinterpret_cast<const siginfo_t*>(infos[--left]);
        arch::system_call(SYS_rt_tgsigqueueinfo, g_process.pid, thread.tid, signal->si_signo, reinterpret_cast<long>(signal));
    }
}

}  // namespace heddle::runtime

using namespace heddle::runtime;

HEDDLE_EXPORT int sigaction(int number, const struct sigaction* wanted, struct sigaction* old) noexcept {
    const auto pc = HEDDLE_CALLER;
    call_begin(CallId::kSigaction, 0, static_cast<std::uint64_t>(number), pc);
    const int result = set_action(number, wanted, old);
    call_end(CallId::kSigaction, 0, result == 0 ? 0 : -static_cast<std::int64_t>(errno), pc);
    return result;
}
HEDDLE_EXPORT sighandler_t signal(int number, sighandler_t handler) noexcept {
    return set_handler(number, handler, SA_RESTART, HEDDLE_CALLER);
}
HEDDLE_EXPORT sighandler_t bsd_signal(int number, sighandler_t handler) noexcept {
    return set_handler(number, handler, SA_RESTART, HEDDLE_CALLER);
}
HEDDLE_EXPORT sighandler_t ssignal(int number, sighandler_t handler) noexcept {
    return set_handler(number, handler, SA_RESTART, HEDDLE_CALLER);
}
HEDDLE_EXPORT sighandler_t sysv_signal(int number, sighandler_t handler) noexcept {
    return set_handler(number, handler, static_cast<int>(SA_RESETHAND | SA_NODEFER), HEDDLE_CALLER);
}
HEDDLE_EXPORT sighandler_t __sysv_signal(int number, sighandler_t handler) noexcept {
    return set_handler(number, handler, static_cast<int>(SA_RESETHAND | SA_NODEFER), HEDDLE_CALLER);
}
