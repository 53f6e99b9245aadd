// The sanitizer ABI as the compiler calls it: each access to memory that several threads use is an operation that waits for its
// turn. All threads are fibers of one kernel thread, so that the accesses themselves need no atomicity.
#include <string.h>

#include "core/fibers/blocks.h"
#include "core/fibers/carrier.h"
#include "core/fibers/granules.h"
#include "core/fibers/heap_faults.h"
#include "core/fibers/library_spins.h"
#include "core/fibers/memory.h"
#include "core/fibers/older_values.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spaces.h"

namespace heddle::fibers {
namespace {

namespace flags = trace::operation_flags;
using Int128 = __int128;

bool on_own_stack(std::uint64_t address) {
    return address >= current().stack_low && address < current().stack_high;
}

// In Step every access beyond the thread's own stack is a step: it is a learner who looks.
bool is_shown(std::uint64_t address) {
    return !g_searching && !on_own_stack(address);
}

// A schedule may end within what is no step otherwise. Before its last block a thread goes on to its next step, as it did when
// the schedule was written down: a handler may come to it there.
bool every_access_is_a_step() {
    return g_board->every_access != 0 && (g_searching || g_common.policies.replay.in_last_block());
}

// Whether this access is a step. While a thread is the only one there is, nobody can tell its accesses apart.
bool is_step(std::uint64_t address, std::uint64_t bytes, bool writes, bool goes_on = false) {
    bool visible = !goes_on && is_shown(address);
    if (!is_alone()) {
        address = outside_name(address);
        for (std::uint64_t granule = address >> 3; granule <= (address + bytes - 1) >> 3; ++granule) {
            visible = note_granule(granule, writes) || visible;
        }
        visible = visible || every_access_is_a_step();
    }
    // A thread that goes on like this without a step may be waiting for one that never gets its turn.
    constexpr std::uint32_t kMostSkipped = 20'000, kMostForced = 1'000;
    Fiber& fiber = current();
    if (visible) {
        fiber.forced = 0;
        return true;
    }
    if (++fiber.skipped > kMostSkipped) {
        if (++fiber.forced > kMostForced && g_searching) end_execution(trace::Ending::kStepLimit, 0, 0);
        return true;
    }
    next_tick(fiber);
    return false;
}

Operation access(OperationKind kind, std::uint64_t address, std::uint64_t bytes, std::uint8_t access_flags, std::uint64_t pc) {
    Operation operation;
    operation.kind = kind;
    operation.flags = access_flags;
    if (!g_searching && on_own_stack(address)) operation.flags |= flags::kOwnStack;
    operation.bytes = static_cast<std::uint8_t>(bytes);
    operation.object = address;
    operation.pc = pc;
    return operation;
}

template <std::uint64_t kBytes>
std::uint64_t load(std::uint64_t address) {
    std::uint64_t value = 0;
    memcpy(&value, reinterpret_cast<const void*>(address), kBytes < 8 ? kBytes : 8);
    return value;
}

// Returns what is read, up to 8 bytes of it.
std::uint64_t read_step(std::uint64_t address, std::uint64_t bytes, std::uint8_t access_flags, std::uint64_t pc) {
    const Operation operation = access(OperationKind::kRead, address, bytes, access_flags, pc);
    before_look(operation);
    const std::uint32_t choice = perform(operation);
    check_use(operation.kind, address, bytes, pc);
    std::uint64_t value = 0;
    memcpy(&value, reinterpret_cast<const void*>(address), bytes < 8 ? bytes : 8);
    if (choice != 0) value = older_value();
    last_step().operation.value = value;
    after_look(operation, value);
    return value;
}

template <std::uint64_t kBytes>
void read_hook(const void* pointer, std::uint64_t pc) {
    const auto address = reinterpret_cast<std::uint64_t>(pointer);
    if (is_step(address, kBytes, false)) {
        read_step(address, kBytes, 0, pc);
    } else {
        check_use(OperationKind::kRead, address, kBytes, pc);
    }
}

template <std::uint64_t kBytes>
void write_hook(void* pointer, std::uint64_t pc) {
    const auto address = reinterpret_cast<std::uint64_t>(pointer);
    const bool step = is_step(address, kBytes, true);
    if (step) perform(access(OperationKind::kWrite, address, kBytes, 0, pc));
    check_use(OperationKind::kWrite, address, kBytes, pc);
    if (step || !on_own_stack(address)) made_progress();
}

}  // namespace

void part_hook(bool writes, std::uint64_t address, std::uint64_t bytes, bool goes_on, std::uint64_t pc) {
    if (!is_step(address, bytes, writes, goes_on)) {
        check_use(writes ? OperationKind::kWrite : OperationKind::kRead, address, bytes, pc);
    } else if (writes) {
        perform(access(OperationKind::kWrite, address, bytes, 0, pc));
        check_use(OperationKind::kWrite, address, bytes, pc);
    } else {
        read_step(address, bytes, 0, pc);
    }
}

void wrote_block(std::uint64_t first, std::uint64_t bytes) {
    if (bytes > 0 && !on_own_stack(first)) made_progress();
}

namespace {

std::uint8_t atomic_flags(int order) {
    constexpr std::uint8_t kOrders[] = {0, 2, 2, 3, 4, 5};  // relaxed, consume, acquire, release, acq_rel, seq_cst
    const int known = order >= 0 && order <= 5 ? order : 5;
    return static_cast<std::uint8_t>(flags::kAtomic | kOrders[known] << flags::kOrderShift);
}

template <typename T>
std::uint64_t raw(T value) {
    std::uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value < 8 ? sizeof value : 8);
    return bits;
}

template <typename T>
T atomic_load(const volatile T* object, int order, std::uint64_t pc) {
    const auto address = reinterpret_cast<std::uint64_t>(object);
    if (!g_exploring) return *object;
    std::uint64_t value = 0;
    if (const std::uint64_t* const before = look_again(address, pc)) {
        value = *before;
        next_tick(current());
    } else if (is_step(address, sizeof(T), false)) {
        value = read_step(address, sizeof(T), atomic_flags(order), pc);
        if constexpr (sizeof(T) <= 8) note_look(address, pc, value);
    } else {
        check_use(OperationKind::kRead, address, sizeof(T), pc);
        return *object;
    }
    T read = *object;
    memcpy(&read, &value, sizeof(T) < 8 ? sizeof(T) : 8);
    return read;
}

template <typename T>
void atomic_store(volatile T* object, T value, int order, std::uint64_t pc) {
    const auto address = reinterpret_cast<std::uint64_t>(object);
    if (g_exploring) {
        if (is_step(address, sizeof(T), true)) {
            perform(access(OperationKind::kWrite, address, sizeof(T), atomic_flags(order), pc));
            last_step().operation.value = raw(value);
        }
        check_use(OperationKind::kWrite, address, sizeof(T), pc);
        made_progress();
    }
    *object = value;
}

// `change` gives the new value from the old one and says whether it is to be stored.
template <typename T, typename Change>
T atomic_update(volatile T* object, Change change, int order, std::uint64_t pc) {
    const auto address = reinterpret_cast<std::uint64_t>(object);
    const bool step = g_exploring && is_step(address, sizeof(T), true);
    const Operation operation = access(OperationKind::kUpdate, address, sizeof(T), atomic_flags(order), pc);
    if (step) {
        before_look(operation);
        perform(operation);
    }
    if (g_exploring) check_use(operation.kind, address, sizeof(T), pc);
    const T old = *object;
    T value = old;
    const bool stored = change(value);
    if (stored) *object = value;
    if (step) {
        last_step().operation.value = raw(value);
        if (!stored) last_step().operation.flags |= flags::kFailed;
        if (!stored || raw(value) == raw(old)) {
            after_look(operation, raw(old));
        } else {
            made_progress();
        }
    } else if (g_exploring) {
        made_progress();
    }
    return old;
}

template <typename T>
bool atomic_compare(volatile T* object, T* expected, T desired, int order, std::uint64_t pc) {
    bool ok = false;
    const T old = atomic_update(
        object,
        [&](T& value) {
            ok = raw(value) == raw(*expected) && value == *expected;
            if (ok) value = desired;
            return ok;
        },
        order, pc);
    if (!ok) *expected = old;
    return ok;
}

}  // namespace

void store_byte(void* address, std::int8_t value, std::uint64_t pc) {
    atomic_store(static_cast<volatile std::int8_t*>(address), value, __ATOMIC_RELEASE, pc);
}
void add_one(std::uint32_t* count, std::uint64_t pc) {
    const auto more = [](std::uint32_t& value) {
        ++value;
        return true;
    };
    atomic_update(count, more, __ATOMIC_RELAXED, pc);
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

#define HEDDLE_HOOK(name, arguments, action) \
    HEDDLE_EXPORT void name arguments {      \
        if (!g_exploring) return;            \
        HEDDLE_PASS_HOOK();                  \
        action;                              \
    }
#define HEDDLE_ACCESS(bytes)                                                                            \
    HEDDLE_HOOK(__tsan_read##bytes, (void* p), read_hook<bytes>(p, HEDDLE_CALLER))                      \
    HEDDLE_HOOK(__tsan_write##bytes, (void* p), write_hook<bytes>(p, HEDDLE_CALLER))                    \
    HEDDLE_HOOK(__tsan_unaligned_read##bytes, (void* p), read_hook<bytes>(p, HEDDLE_CALLER))            \
    HEDDLE_HOOK(__tsan_unaligned_write##bytes, (void* p), write_hook<bytes>(p, HEDDLE_CALLER))          \
    HEDDLE_HOOK(__tsan_volatile_read##bytes, (void* p), read_hook<bytes>(p, HEDDLE_CALLER))             \
    HEDDLE_HOOK(__tsan_volatile_write##bytes, (void* p), write_hook<bytes>(p, HEDDLE_CALLER))           \
    HEDDLE_HOOK(__tsan_unaligned_volatile_read##bytes, (void* p), read_hook<bytes>(p, HEDDLE_CALLER))   \
    HEDDLE_HOOK(__tsan_unaligned_volatile_write##bytes, (void* p), write_hook<bytes>(p, HEDDLE_CALLER)) \
    HEDDLE_HOOK(__tsan_read_write##bytes, (void* p),                                                    \
                (read_hook<bytes>(p, HEDDLE_CALLER), write_hook<bytes>(p, HEDDLE_CALLER)))              \
    HEDDLE_HOOK(__tsan_unaligned_read_write##bytes, (void* p),                                          \
                (read_hook<bytes>(p, HEDDLE_CALLER), write_hook<bytes>(p, HEDDLE_CALLER)))

HEDDLE_ACCESS(1)
HEDDLE_ACCESS(2)
HEDDLE_ACCESS(4)
HEDDLE_ACCESS(8)
HEDDLE_ACCESS(16)

HEDDLE_HOOK(__tsan_vptr_read, (void** p), read_hook<8>(p, HEDDLE_CALLER))
HEDDLE_HOOK(__tsan_vptr_update, (void** p, void*), write_hook<8>(p, HEDDLE_CALLER))

HEDDLE_EXPORT void __tsan_func_entry(void* call_site) {
    if (!g_exploring) return;
    Fiber& fiber = current();
    if (fiber.call_depth < Fiber::kMostCalls) fiber.calls[fiber.call_depth] = reinterpret_cast<std::uint64_t>(call_site);
    ++fiber.call_depth;
}
HEDDLE_EXPORT void __tsan_func_exit() {
    if (!g_exploring || current().call_depth == 0) return;
    Fiber& fiber = current();
    if (--fiber.call_depth < fiber.library_look.depth) fiber.library_look.depth = 0;
}
HEDDLE_EXPORT void __tsan_ignore_thread_begin() {}
HEDDLE_EXPORT void __tsan_ignore_thread_end() {}

#define HEDDLE_FETCH(bits, type, name, expression)                                         \
    HEDDLE_EXPORT type __tsan_atomic##bits##_##name(volatile type* p, type v, int order) { \
        if (g_exploring) HEDDLE_PASS_HOOK();                                               \
        return atomic_update(                                                              \
            p,                                                                             \
            [&](type& value) {                                                             \
                const type old = value;                                                    \
                value = static_cast<type>(expression);                                     \
                return true;                                                               \
            },                                                                             \
            order, HEDDLE_CALLER);                                                         \
    }
#define HEDDLE_ATOMIC(bits, type)                                                                                        \
    HEDDLE_EXPORT type __tsan_atomic##bits##_load(const volatile type* p, int order) {                                   \
        if (g_exploring) HEDDLE_PASS_HOOK();                                                                             \
        return atomic_load(p, order, HEDDLE_CALLER);                                                                     \
    }                                                                                                                    \
    HEDDLE_EXPORT void __tsan_atomic##bits##_store(volatile type* p, type v, int order) {                                \
        if (g_exploring) HEDDLE_PASS_HOOK();                                                                             \
        atomic_store(p, v, order, HEDDLE_CALLER);                                                                        \
    }                                                                                                                    \
    HEDDLE_FETCH(bits, type, exchange, (static_cast<void>(old), v))                                                      \
    HEDDLE_FETCH(bits, type, fetch_add, old + v)                                                                         \
    HEDDLE_FETCH(bits, type, fetch_sub, old - v)                                                                         \
    HEDDLE_FETCH(bits, type, fetch_and, old& v)                                                                          \
    HEDDLE_FETCH(bits, type, fetch_or, old | v)                                                                          \
    HEDDLE_FETCH(bits, type, fetch_xor, old ^ v)                                                                         \
    HEDDLE_FETCH(bits, type, fetch_nand, ~(old & v))                                                                     \
    HEDDLE_EXPORT int __tsan_atomic##bits##_compare_exchange_strong(volatile type* p, type* e, type v, int order, int) { \
        if (g_exploring) HEDDLE_PASS_HOOK();                                                                             \
        return atomic_compare(p, e, v, order, HEDDLE_CALLER);                                                            \
    }                                                                                                                    \
    HEDDLE_EXPORT int __tsan_atomic##bits##_compare_exchange_weak(volatile type* p, type* e, type v, int order, int) {   \
        if (g_exploring) HEDDLE_PASS_HOOK();                                                                             \
        return atomic_compare(p, e, v, order, HEDDLE_CALLER);                                                            \
    }                                                                                                                    \
    HEDDLE_EXPORT type __tsan_atomic##bits##_compare_exchange_val(volatile type* p, type e, type v, int order, int) {    \
        if (g_exploring) HEDDLE_PASS_HOOK();                                                                             \
        atomic_compare(p, &e, v, order, HEDDLE_CALLER);                                                                  \
        return e;                                                                                                        \
    }

HEDDLE_ATOMIC(8, std::int8_t)
HEDDLE_ATOMIC(16, std::int16_t)
HEDDLE_ATOMIC(32, std::int32_t)
HEDDLE_ATOMIC(64, std::int64_t)
HEDDLE_ATOMIC(128, Int128)

HEDDLE_EXPORT void __tsan_atomic_thread_fence(int order) {
    if (!g_exploring || is_alone()) return;
    HEDDLE_PASS_HOOK();
    Operation operation;
    operation.kind = OperationKind::kFence;
    operation.flags = atomic_flags(order);
    operation.pc = HEDDLE_CALLER;
    perform(operation);
}
HEDDLE_EXPORT void __tsan_atomic_signal_fence(int) {}
