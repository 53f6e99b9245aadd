// The initialization of a function's static variable: the compiler calls these around it, and whoever comes meanwhile waits.
#include <linux/futex.h>
#include <sys/syscall.h>

#include "core/runtime/interpose.h"
#include "core/trace/static_guard.h"

namespace heddle::runtime {
namespace {

namespace static_guard = trace::static_guard;

void leave(CallId id, void* guard, bool done, std::uintptr_t pc, void (*at_gate)(void*)) {
    ThreadState& thread = self();
    if (gate::holds(thread)) gate::ask(thread, pc, [&] { at_gate(guard); });
    call_end(id, address_of(guard), 0, pc);  // recorded first: then the next one may come
    if (gate::holds(thread)) return;
    static_guard::release(guard, done, [&] {
        arch::system_call(SYS_futex, static_cast<long>(address_of(guard)), FUTEX_WAKE_PRIVATE, INT32_MAX);
    });
}

}  // namespace
}  // namespace heddle::runtime

using namespace heddle::runtime;

HEDDLE_EXPORT int __cxa_guard_acquire(void* guard) {
    const auto pc = HEDDLE_CALLER;
    ThreadState& thread = self();
    call_begin(CallId::kGuardAcquire, address_of(guard), 0, pc);
    const bool mine = gate::holds(thread) ? gate::ask(thread, pc, [&] { return gate::g_hooks.guard_acquire(guard) != 0; })
                                          : static_guard::acquire(guard, [&](std::uint32_t seen) {
                                                arch::system_call(SYS_futex, static_cast<long>(address_of(guard)),
                                                                  FUTEX_WAIT_PRIVATE, static_cast<long>(seen), 0);
                                            });
    call_end(CallId::kGuardAcquire, address_of(guard), mine ? 1 : 0, pc);
    return mine ? 1 : 0;
}
HEDDLE_EXPORT void __cxa_guard_release(void* guard) {
    leave(CallId::kGuardRelease, guard, true, HEDDLE_CALLER, gate::g_hooks.guard_release);
}
HEDDLE_EXPORT void __cxa_guard_abort(void* guard) {
    leave(CallId::kGuardAbort, guard, false, HEDDLE_CALLER, gate::g_hooks.guard_abort);
}
