#include "core/runtime/gate.h"

#include <dlfcn.h>

#include "core/runtime/signals.h"

namespace heddle::runtime::gate {

constinit bool g_present = false;
constinit std::uint64_t* g_caller = nullptr;
constinit Hooks g_hooks{};

namespace {

template <typename Function>
void look_up(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

#define HEDDLE_FIND_ATOMICS(bits, type)                                       \
    look_up(g_atomics<type>.load, "__tsan_atomic" #bits "_load");             \
    look_up(g_atomics<type>.store, "__tsan_atomic" #bits "_store");           \
    look_up(g_atomics<type>.exchange, "__tsan_atomic" #bits "_exchange");     \
    look_up(g_atomics<type>.fetch_add, "__tsan_atomic" #bits "_fetch_add");   \
    look_up(g_atomics<type>.fetch_sub, "__tsan_atomic" #bits "_fetch_sub");   \
    look_up(g_atomics<type>.fetch_and, "__tsan_atomic" #bits "_fetch_and");   \
    look_up(g_atomics<type>.fetch_or, "__tsan_atomic" #bits "_fetch_or");     \
    look_up(g_atomics<type>.fetch_xor, "__tsan_atomic" #bits "_fetch_xor");   \
    look_up(g_atomics<type>.fetch_nand, "__tsan_atomic" #bits "_fetch_nand"); \
    look_up(g_atomics<type>.compare_exchange_strong, "__tsan_atomic" #bits "_compare_exchange_strong")

}  // namespace

void find() {
    look_up(g_caller, "heddle_caller");
    if (g_caller == nullptr) return;
    constexpr const char* kReads[] = {"__tsan_read1", "__tsan_read2", "__tsan_read4", "__tsan_read8", "__tsan_read16"};
    constexpr const char* kWrites[] = {"__tsan_write1", "__tsan_write2", "__tsan_write4", "__tsan_write8", "__tsan_write16"};
    for (unsigned log2 = 0; log2 < 5; ++log2) {
        look_up(g_hooks.read[log2], kReads[log2]);
        look_up(g_hooks.write[log2], kWrites[log2]);
    }
    look_up(g_hooks.read_range, "__tsan_read_range");
    look_up(g_hooks.write_range, "__tsan_write_range");
    look_up(g_hooks.guard_acquire, "__cxa_guard_acquire");
    look_up(g_hooks.guard_release, "__cxa_guard_release");
    look_up(g_hooks.guard_abort, "__cxa_guard_abort");
    look_up(g_hooks.copy, "__tsan_memcpy");
    look_up(g_hooks.move, "__tsan_memmove");
    look_up(g_hooks.fence, "__tsan_atomic_thread_fence");
    look_up(g_hooks.entry, "__tsan_func_entry");
    look_up(g_hooks.exit, "__tsan_func_exit");
    look_up(g_hooks.before_free, "heddle_before_free");
    look_up(g_hooks.begin_handler, "heddle_begin_handler");
    look_up(g_hooks.end_handler, "heddle_end_handler");
    void (**send_deferred)() = nullptr;
    bool (**has_deferred)() = nullptr;
    look_up(send_deferred, "heddle_send_deferred");
    look_up(has_deferred, "heddle_has_deferred");
    if (has_deferred != nullptr) *has_deferred = [] { return self().deferred_count > 0; };
    if (send_deferred != nullptr)
        *send_deferred = [] {
            if (self().deferred_count > 0) redeliver_signals(self());
        };
    HEDDLE_FIND_ATOMICS(8, std::int8_t);
    HEDDLE_FIND_ATOMICS(16, std::int16_t);
    HEDDLE_FIND_ATOMICS(32, std::int32_t);
    HEDDLE_FIND_ATOMICS(64, std::int64_t);
    HEDDLE_FIND_ATOMICS(128, arch::Int128);
    g_present = true;
}

}  // namespace heddle::runtime::gate
