// Storing records: reserve room in the calling thread's ring, fill, publish. Called from hooks and interposers on the program's
// own threads; a full ring is waited for, and only where nobody empties it a record is dropped and counted. Never allocates,
// locks, throws, or touches errno.
#pragma once

#include "core/runtime/thread.h"

// Where the hook or interposed function was called from.
#define HEDDLE_CALLER (::heddle::runtime::address_of(__builtin_return_address(0)))

namespace heddle::runtime {

inline void compiler_barrier() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

// Reads the pending record's value (or discards it, for an atomic) and publishes it. The thread must be kBusy.
void complete_pending(ThreadState& thread);
// True when `count` records fit after reading the consumer's position again, if need be after waiting for it; else counts them
// as dropped.
bool make_room(ThreadState& thread, std::uint64_t count);

// Takes the ring for this hook. False: not recording now.
HEDDLE_HOT bool begin(ThreadState& thread) {
    if (__builtin_expect(thread.phase != Phase::kReady, 0) && !enter_slow(thread)) return false;
    thread.phase = Phase::kBusy;
    compiler_barrier();
    if (thread.pending != Pending::kNone) complete_pending(thread);
    return true;
}

HEDDLE_HOT void finish(ThreadState& thread) {
    compiler_barrier();
    thread.phase = Phase::kReady;
    compiler_barrier();
    if (__builtin_expect(thread.attention != 0, 0)) leave_slow(thread);
}

HEDDLE_HOT bool has_room(ThreadState& thread, std::uint64_t count = 1) {
    if (__builtin_expect(thread.head - thread.tail_seen + count <= g_process.ring_mask + 1, 1)) return true;
    return make_room(thread, count);
}

HEDDLE_HOT trace::Record& next_record(ThreadState& thread, std::uint64_t ahead = 0) {
    return thread.ring[(thread.head + ahead) & g_process.ring_mask];
}

// What is recorded once it has happened, and may have followed what another thread did, is stamped no earlier than it happened.
enum class Stamp : std::uint8_t { kAtOnce, kAfterwards };

inline constexpr int kPrefetchDistance = 64;

template <Stamp kStamp = Stamp::kAtOnce>
HEDDLE_HOT void fill(trace::Record& record, trace::Kind kind, std::uint8_t detail, std::uintptr_t pc, std::uint64_t address,
                     std::uint64_t value) {
    arch::prefetch_for_write(&record + kPrefetchDistance);  // past the ring's end it asks for nothing of use, and cannot fault
    if constexpr (kStamp == Stamp::kAfterwards) finish_instructions();
    record.tick = read_ticks(g_process.tick_source);
    record.address = address;
    record.value = value;
    record.tail = trace::make_tail(kind, detail, pc);
}

HEDDLE_HOT void publish(ThreadState& thread, std::uint64_t count = 1) {
    thread.head += count;
    thread.slot->head.store(thread.head, std::memory_order_release);
}

// One complete record.
template <Stamp kStamp = Stamp::kAtOnce>
inline void emit(ThreadState& thread, trace::Kind kind, std::uint8_t detail, std::uintptr_t pc, std::uint64_t address,
                 std::uint64_t value) {
    if (!begin(thread)) return;
    if (has_room(thread)) {
        fill<kStamp>(next_record(thread), kind, detail, pc, address, value);
        publish(thread);
    }
    finish(thread);
}

// One record followed by its payload; all of it or nothing. At most 512 bytes.
void emit_payload(ThreadState& thread, trace::Kind kind, std::uint8_t detail, std::uintptr_t pc, std::uint64_t address,
                  const void* bytes, std::size_t size);

// Lets what is pending settle: before memory goes away, before blocking, at the thread's end.
inline void settle(ThreadState& thread) {
    if (thread.pending == Pending::kNone || thread.phase != Phase::kReady) return;
    if (begin(thread)) finish(thread);
}

inline std::uintptr_t address_of(const void* pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer);
}

}  // namespace heddle::runtime
