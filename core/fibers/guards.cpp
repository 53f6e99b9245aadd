// The guards of functions' static variables: a lock that is held while the variable is initialized, and a byte, stored
// atomically in front of the unlock, by which the compiler's own check sees that it is.
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fibers/blocks.h"
#include "core/fibers/synchronization.h"
#include "core/trace/static_guard.h"

namespace heddle::fibers {
namespace {

namespace static_guard = trace::static_guard;

bool is_initialized(const volatile void* guard) {
    return (static_guard::word_of(const_cast<void*>(guard)).load(std::memory_order_relaxed) & static_guard::kDone) != 0;
}

void leave(void* guard, bool initialized, std::uint64_t pc) {
    if (g_exploring) {
        if (initialized) store_byte(guard, 1, pc), note_done(guard);
        release_lock(guard, pc);
    }
    static_guard::release(guard, initialized, [&] {
        HEDDLE_REAL(syscall)(SYS_futex, guard, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
    });
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int __cxa_guard_acquire(void* guard) {
    if (g_exploring) {
        HEDDLE_PASS_HOOK();
        const auto pc = HEDDLE_CALLER;
        take_unless(is_initialized, guard, pc);
    }
    const auto wait = [&](std::uint32_t seen) {
        HEDDLE_REAL(syscall)(SYS_futex, guard, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
    };
    return static_guard::acquire(guard, wait) ? 1 : 0;
}
HEDDLE_EXPORT void __cxa_guard_release(void* guard) {
    if (g_exploring) HEDDLE_PASS_HOOK();
    leave(guard, true, HEDDLE_CALLER);
}
HEDDLE_EXPORT void __cxa_guard_abort(void* guard) {
    if (g_exploring) HEDDLE_PASS_HOOK();
    leave(guard, false, HEDDLE_CALLER);
}
