// The sanitizer ABI's atomics: the compiler replaces each atomic operation by a call, so its effect happens here, with the
// memory order the program asked for (never a weaker one), and is recorded with the value it left or found.
//
// The record is laid down as pending before the operation, so that a crash shows it; a signal handler that runs in between
// discards it, and it is then written anew. Atomics on the thread's own stack are recorded too: they order what others do.
#include "core/runtime/emit.h"
#include "core/runtime/gate.h"
#include "core/runtime/library_access.h"
#include "core/runtime/stack_map.h"

namespace heddle::runtime {
namespace {

using arch::Int128;
using trace::Kind;

constexpr std::uint8_t atomic_detail(unsigned log2, int order) {
    return static_cast<std::uint8_t>(log2 | static_cast<unsigned>(order & 7) << 4);
}

template <typename T>
constexpr unsigned log2_of() {
    return sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : sizeof(T) == 8 ? 3 : 4;
}

template <typename T>
std::uint64_t raw(T value) {
    if constexpr (sizeof(T) == 1)
        return static_cast<std::uint8_t>(value);
    else if constexpr (sizeof(T) == 2)
        return static_cast<std::uint16_t>(value);
    else if constexpr (sizeof(T) == 4)
        return static_cast<std::uint32_t>(value);
    else
        return static_cast<std::uint64_t>(value);
}

// Of an exchange, update or comparison: the value found, or (compare failed) the one expected.
struct Other {
    std::uint64_t value = 0;
    bool known = false;
};

template <typename T>
Other other(T value) {
    return {raw(value), true};
}

class AtomicRecord {
public:
    AtomicRecord(Kind kind, const volatile void* object, unsigned log2, int order, std::uintptr_t pc)
        : thread_(self()), address_(reinterpret_cast<std::uintptr_t>(object)), pc_(pc), detail_(atomic_detail(log2, order)) {
        if (!on_own_stack(thread_, address_)) note_foreign(address_, std::uintptr_t{1} << log2);
        if (!begin(thread_)) return;
        if (has_room(thread_, kMostRecords)) {
            fill(next_record(thread_), kind, detail_, pc_, address_, 0);
            thread_.pending = Pending::kAtomic;
            compiler_barrier();
            thread_.slot->pending.store(1, std::memory_order_relaxed);
        }
        finish(thread_);
    }

    // After the operation. A load is stamped after it happened, a store before: what is seen was written earlier.
    void done(Kind kind, std::uint64_t value, bool stamp_again, Other other = {}) {
        if (thread_.phase != Phase::kReady) return;
        thread_.phase = Phase::kBusy;
        compiler_barrier();
        if (thread_.pending == Pending::kAtomic) {
            trace::Record& record = next_record(thread_);
            if (stamp_again || gate::g_present) {
                finish_instructions();
                record.tick = read_ticks(g_process.tick_source);
            }
            thread_.pending = Pending::kNone;
            write_down(record, kind, value, other);
            thread_.slot->pending.store(0, std::memory_order_relaxed);
        } else {
            if (thread_.pending != Pending::kNone) complete_pending(thread_);
            if (has_room(thread_, kMostRecords)) {
                trace::Record& record = next_record(thread_);
                fill<Stamp::kAfterwards>(record, kind, detail_, pc_, address_, value);
                write_down(record, kind, value, other);
            }
        }
        finish(thread_);
    }

private:
    static constexpr std::uint64_t kMostRecords = 2;

    void write_down(trace::Record& record, Kind kind, std::uint64_t value, Other other) {
        std::uint8_t detail = detail_;
        if (other.known) detail |= trace::kOtherKnown;
        const bool two = other.known && trace::is_wide(detail);
        if (two) next_record(thread_, 1) = {other.value, 0, 0, trace::make_tail(Kind::kPayload, 0, 0)};
        record.value = other.known && !two ? value | other.value << 32 : value;
        record.tail = trace::make_tail(kind, detail, pc_);
        publish(thread_, two ? 2 : 1);
    }

    ThreadState& thread_;
    std::uintptr_t address_;
    std::uintptr_t pc_;
    std::uint8_t detail_;
};

// The order as a compile-time constant, so that a relaxed operation stays as cheap as the program wrote it. A consume is an
// acquire to every compiler.
template <typename Function>
inline auto with_order(int order, Function function) {
    switch (order) {
        case __ATOMIC_RELAXED:
            return function.template operator()<__ATOMIC_RELAXED>();
        case __ATOMIC_CONSUME:
        case __ATOMIC_ACQUIRE:
            return function.template operator()<__ATOMIC_ACQUIRE>();
        case __ATOMIC_RELEASE:
            return function.template operator()<__ATOMIC_RELEASE>();
        case __ATOMIC_ACQ_REL:
            return function.template operator()<__ATOMIC_ACQ_REL>();
        default:
            return function.template operator()<__ATOMIC_SEQ_CST>();
    }
}

// What a failed compare-and-swap of this order loads with.
constexpr int failure_order(int order) {
    return order == __ATOMIC_RELEASE ? __ATOMIC_RELAXED : order == __ATOMIC_ACQ_REL ? __ATOMIC_ACQUIRE : order;
}
// A success order strong enough for both outcomes of a compare-and-swap.
constexpr int joint_order(int success, int failure) {
    if (failure == __ATOMIC_RELAXED || success == failure) return success;
    if (failure == __ATOMIC_SEQ_CST || success == __ATOMIC_SEQ_CST) return __ATOMIC_SEQ_CST;
    return success == __ATOMIC_RELEASE || success == __ATOMIC_ACQ_REL ? __ATOMIC_ACQ_REL : __ATOMIC_ACQUIRE;
}
constexpr int load_order(int order) {
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ? __ATOMIC_SEQ_CST : order;
}
constexpr int store_order(int order) {
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL ? __ATOMIC_SEQ_CST : order;
}

template <typename T>
bool compare_exchange(volatile T* object, T* expected, T desired, int order) {
    if constexpr (sizeof(T) == 16) {
        return arch::compare_exchange_128(object, expected, desired);
    } else {
        return with_order(order, [&]<int kOrder>() {
            return __atomic_compare_exchange_n(object, expected, desired, false, kOrder, failure_order(kOrder));
        });
    }
}

// Replaces the value by what `change` makes of it and returns the old one.
template <typename T, typename Change>
T update(volatile T* object, Change change, int order) {
    T old = sizeof(T) == 16 ? T{} : *object;
    while (!compare_exchange(object, &old, static_cast<T>(change(old)), order)) {
    }
    return old;
}

template <typename T>
T atomic_load(const volatile T* object, int order, std::uintptr_t pc) {
    AtomicRecord record(Kind::kAtomicLoad, object, log2_of<T>(), order, pc);
    T value;
    if (gate::holds(self())) {
        value = gate::ask(self(), pc, [&] { return gate::g_atomics<T>.load(object, order); });
    } else if constexpr (sizeof(T) == 16) {
        value = T{};
        arch::compare_exchange_128(const_cast<volatile T*>(object), &value, value);  // leaves what it found
    } else {
        value = with_order(load_order(order), [&]<int kOrder>() { return __atomic_load_n(object, load_order(kOrder)); });
    }
    record.done(Kind::kAtomicLoad, raw(value), true);
    return value;
}

template <typename T>
void atomic_store(volatile T* object, T value, int order, std::uintptr_t pc) {
    AtomicRecord record(Kind::kAtomicStore, object, log2_of<T>(), order, pc);
    if (gate::holds(self())) {
        gate::ask(self(), pc, [&] { gate::g_atomics<T>.store(object, value, order); });
    } else if constexpr (sizeof(T) == 16) {
        update(
            object, [&](T) { return value; }, order);
    } else {
        with_order(store_order(order), [&]<int kOrder>() { __atomic_store_n(object, value, store_order(kOrder)); });
    }
    record.done(Kind::kAtomicStore, raw(value), false);
}

template <typename T>
T atomic_exchange(volatile T* object, T value, int order, std::uintptr_t pc) {
    AtomicRecord record(Kind::kAtomicExchange, object, log2_of<T>(), order, pc);
    T old;
    if (gate::holds(self()))
        old = gate::ask(self(), pc, [&] { return gate::g_atomics<T>.exchange(object, value, order); });
    else if constexpr (sizeof(T) == 16)
        old = update(
            object, [&](T) { return value; }, order);
    else
        old = with_order(order, [&]<int kOrder>() { return __atomic_exchange_n(object, value, kOrder); });
    record.done(Kind::kAtomicExchange, raw(value), true, other(old));
    return old;
}

// `direct` is the one-instruction form, `change` the same as a function of the old value, `ask` the gate's.
template <typename T, typename Direct, typename Change, typename Ask>
T atomic_fetch(volatile T* object, int order, std::uintptr_t pc, Direct direct, Change change, Ask ask) {
    AtomicRecord record(Kind::kAtomicUpdate, object, log2_of<T>(), order, pc);
    T old;
    if (gate::holds(self()))
        old = gate::ask(self(), pc, ask);
    else if constexpr (sizeof(T) == 16)
        old = update(object, change, order);
    else
        old = with_order(order, direct);
    record.done(Kind::kAtomicUpdate, raw(static_cast<T>(change(old))), true, other(old));
    return old;
}

template <typename T>
bool atomic_compare(volatile T* object, T* expected, T desired, int order, int failure, std::uintptr_t pc) {
    AtomicRecord record(Kind::kAtomicCompareFailed, object, log2_of<T>(), order, pc);
    const T wanted = *expected;
    T found = wanted;
    const bool ok =
        gate::holds(self())
            ? gate::ask(
                  self(), pc,
                  [&] { return gate::g_atomics<T>.compare_exchange_strong(object, &found, desired, order, failure) != 0; })
            : compare_exchange(object, &found, desired, joint_order(order, failure));
    if (!ok) *expected = found;
    record.done(ok ? Kind::kAtomicCompareOk : Kind::kAtomicCompareFailed, raw(ok ? desired : found), true, other(wanted));
    return ok;
}

}  // namespace

void LibraryAccess::draws() {
    static std::int32_t drawn = 0;
    if (pc_ == 0) return;
    keeps(&drawn, trace::LibraryState::kDraws);
    atomic_fetch(
        &drawn, __ATOMIC_RELAXED, pc_, []<int kOrder>() { return __atomic_fetch_add(&drawn, 1, kOrder); },
        [](std::int32_t old) { return old + 1; },
        [] { return gate::g_atomics<std::int32_t>.fetch_add(&drawn, 1, __ATOMIC_RELAXED); });
}

}  // namespace heddle::runtime

using namespace heddle::runtime;

#define HEDDLE_FETCH(bits, type, name, operation)                                                \
    HEDDLE_EXPORT type __tsan_atomic##bits##_fetch_##name(volatile type* p, type v, int order) { \
        return atomic_fetch(                                                                     \
            p, order, HEDDLE_CALLER,                                                             \
            [&]<int kOrder>() -> type {                                                          \
                if constexpr (sizeof(type) < 16)                                                 \
                    return __atomic_fetch_##name(p, v, kOrder);                                  \
                else                                                                             \
                    return 0;                                                                    \
            },                                                                                   \
            [&](type old) -> type { return static_cast<type>(operation); },                      \
            [&] { return gate::g_atomics<type>.fetch_##name(p, v, order); });                    \
    }
#define HEDDLE_ATOMIC(bits, type)                                                                                        \
    HEDDLE_EXPORT type __tsan_atomic##bits##_load(const volatile type* p, int order) {                                   \
        return atomic_load(p, order, HEDDLE_CALLER);                                                                     \
    }                                                                                                                    \
    HEDDLE_EXPORT void __tsan_atomic##bits##_store(volatile type* p, type v, int order) {                                \
        atomic_store(p, v, order, HEDDLE_CALLER);                                                                        \
    }                                                                                                                    \
    HEDDLE_EXPORT type __tsan_atomic##bits##_exchange(volatile type* p, type v, int order) {                             \
        return atomic_exchange(p, v, order, HEDDLE_CALLER);                                                              \
    }                                                                                                                    \
    HEDDLE_FETCH(bits, type, add, old + v)                                                                               \
    HEDDLE_FETCH(bits, type, sub, old - v)                                                                               \
    HEDDLE_FETCH(bits, type, and, old& v)                                                                                \
    HEDDLE_FETCH(bits, type, or, old | v)                                                                                \
    HEDDLE_FETCH(bits, type, xor, old ^ v)                                                                               \
    HEDDLE_FETCH(bits, type, nand, ~(old & v))                                                                           \
    HEDDLE_EXPORT int __tsan_atomic##bits##_compare_exchange_strong(volatile type* p, type* expected, type v, int order, \
                                                                    int failure) {                                       \
        return atomic_compare(p, expected, v, order, failure, HEDDLE_CALLER);                                            \
    }                                                                                                                    \
    HEDDLE_EXPORT int __tsan_atomic##bits##_compare_exchange_weak(volatile type* p, type* expected, type v, int order,   \
                                                                  int failure) {                                         \
        return atomic_compare(p, expected, v, order, failure, HEDDLE_CALLER);                                            \
    }                                                                                                                    \
    HEDDLE_EXPORT type __tsan_atomic##bits##_compare_exchange_val(volatile type* p, type expected, type v, int order,    \
                                                                  int failure) {                                         \
        atomic_compare(p, &expected, v, order, failure, HEDDLE_CALLER);                                                  \
        return expected;                                                                                                 \
    }

HEDDLE_ATOMIC(8, std::int8_t)
HEDDLE_ATOMIC(16, std::int16_t)
HEDDLE_ATOMIC(32, std::int32_t)
HEDDLE_ATOMIC(64, std::int64_t)
HEDDLE_ATOMIC(128, arch::Int128)

HEDDLE_EXPORT void __tsan_atomic_thread_fence(int order) {
    if (gate::holds(self())) gate::ask(self(), HEDDLE_CALLER, [&] { gate::g_hooks.fence(order); });
    with_order(order, []<int kOrder>() { __atomic_thread_fence(kOrder); });
    emit(self(), heddle::trace::Kind::kFence, atomic_detail(0, order), HEDDLE_CALLER, 0, 0);
}
HEDDLE_EXPORT void __tsan_atomic_signal_fence(int) {
    compiler_barrier();
}
