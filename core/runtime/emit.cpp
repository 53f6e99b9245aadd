#include "core/runtime/emit.h"

#include <sys/syscall.h>
#include <time.h>

#include <cstring>

#include "core/runtime/page_state.h"

namespace heddle::runtime {
namespace {

std::uint64_t load_pending(Pending pending, std::uintptr_t address) {
    switch (pending) {
        case Pending::kLoad1:
            return arch::load_may_fault<0>(address);
        case Pending::kLoad2:
            return arch::load_may_fault<1>(address);
        case Pending::kLoad4:
            return arch::load_may_fault<2>(address);
        case Pending::kLoad8:
        case Pending::kLoad16:
            return arch::load_may_fault<3>(address);
        case Pending::kNone:
        case Pending::kAtomic:
            break;
    }
    return 0;
}

bool has_free(ThreadState& thread, std::uint64_t count) {
    thread.tail_seen = thread.slot->tail.load(std::memory_order_acquire);
    return thread.head - thread.tail_seen + count <= g_process.ring_mask + 1;
}

// The thread records faster than Heddle reads: it sleeps until there is room. (To yield its CPU over and over instead made a
// hundred thousand switches, and kept that CPU from Heddle.) A Heddle that has not moved for so long is stopped or gone, and is
// not waited for again before it moves.
bool wait_for_reader(ThreadState& thread, std::uint64_t count) {
    constexpr std::int64_t kMostNanoseconds = 5'000'000'000;
    if (thread.tail_seen == thread.stalled_at || count > g_process.ring_mask + 1) return false;
    const std::uint64_t tail = thread.tail_seen;
    const std::int64_t deadline = machine_now() + kMostNanoseconds;
    while (!has_free(thread, count)) {
        if (machine_now() > deadline) {
            thread.stalled_at = tail;
            return false;
        }
        const timespec nap{0, 500'000};
        arch::system_call(SYS_nanosleep, reinterpret_cast<long>(&nap), 0);
    }
    return true;
}

}  // namespace

void complete_pending(ThreadState& thread) {
    const Pending pending = thread.pending;
    thread.pending = Pending::kNone;
    if (pending == Pending::kAtomic) {  // a signal handler came between the atomic and its record
        thread.slot->pending.store(0, std::memory_order_relaxed);
        return;
    }
    trace::Record& record = next_record(thread);
    const std::uintptr_t address = record.address;
    record.value = load_pending(pending, address);
    thread.attention &= static_cast<std::uint16_t>(~attention::kLoadFaulted);
    publish(thread);
    thread.slot->pending.store(0, std::memory_order_relaxed);
    if (__builtin_expect(g_process.pages_watched.load(std::memory_order_relaxed), 0)) recheck_page(thread, address);
}

bool make_room(ThreadState& thread, std::uint64_t count) {
    if (has_free(thread, count) || wait_for_reader(thread, count)) return true;
    thread.slot->dropped.fetch_add(count, std::memory_order_relaxed);
    return false;
}

void emit_payload(ThreadState& thread, trace::Kind kind, std::uint8_t detail, std::uintptr_t pc, std::uint64_t address,
                  const void* bytes, std::size_t size) {
    constexpr std::size_t kPerRecord = 24;
    if (!begin(thread)) return;
    const std::size_t records = 1 + (size + kPerRecord - 1) / kPerRecord;
    if (has_room(thread, records)) {
        fill(next_record(thread), kind, detail, pc, address, size);
        for (std::size_t i = 1; i < records; ++i) {
            const std::size_t done = (i - 1) * kPerRecord;
            const std::size_t part = size - done < kPerRecord ? size - done : kPerRecord;
            std::uint64_t raw[3] = {};
            __builtin_memcpy(raw, static_cast<const char*>(bytes) + done, part);
            next_record(thread, i) = {raw[0], raw[1], raw[2], trace::make_tail(trace::Kind::kPayload, 0, 0)};
        }
        publish(thread, records);
    }
    finish(thread);
}

}  // namespace heddle::runtime
