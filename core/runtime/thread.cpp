// The threads' life in the arena: claim a slot, a ring and a block, learn the stack, end.
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "core/runtime/emit.h"
#include "core/runtime/once.h"
#include "core/runtime/signals.h"
#include "core/runtime/stack_map.h"

extern "C" void* __libc_stack_end;

namespace heddle::runtime {

constinit ThreadBlock g_blocks[kMostThreads]{};
constinit std::atomic<std::uint16_t> g_stack_granules[kGranules]{};
thread_local constinit ThreadState g_thread;

namespace {

using trace::Kind;
using trace::SlotState;
using trace::ThreadSlot;

pthread_key_t g_end_key;
bool g_has_end_key;

bool failed(long result) {
    return result < 0 && result > -4096;
}

trace::Record* map_ring(std::uint32_t slot) {
    const std::uint64_t bytes = (g_process.ring_mask + 1) * sizeof(trace::Record);
    const long mapped = arch::system_call(SYS_mmap, 0, static_cast<long>(bytes), PROT_READ | PROT_WRITE, MAP_SHARED,
                                          g_process.arena_fd, static_cast<long>(g_process.rings_offset + slot * bytes));
    return failed(mapped) ? nullptr : reinterpret_cast<trace::Record*>(mapped);
}

void unmap_ring(trace::Record* ring) {
    const std::uint64_t bytes = (g_process.ring_mask + 1) * sizeof(trace::Record);
    if (ring != nullptr) arch::system_call(SYS_munmap, reinterpret_cast<long>(ring), static_cast<long>(bytes));
}

ThreadSlot* claim_slot() {
    for (std::uint32_t i = 0; i < g_process.slot_count; ++i) {
        ThreadSlot& slot = g_process.slots[i];
        auto free = static_cast<std::uint32_t>(SlotState::kFree);
        if (slot.state.load(std::memory_order_relaxed) != free) continue;
        if (!slot.state.compare_exchange_strong(free, static_cast<std::uint32_t>(SlotState::kLive))) continue;
        auto& used = g_process.header->slots_used;
        for (std::uint32_t seen = used.load(); seen < i + 1 && !used.compare_exchange_weak(seen, i + 1);) {
        }
        return &slot;
    }
    return nullptr;
}

ThreadBlock* claim_block() {
    for (std::uint32_t i = 0; i < kMostThreads; ++i) {
        std::uint32_t free = 0;
        if (g_blocks[i].used.load(std::memory_order_relaxed) != 0 || !g_blocks[i].used.compare_exchange_strong(free, 1))
            continue;
        auto& used = g_process.blocks_used;
        for (std::uint32_t seen = used.load(); seen < i + 1 && !used.compare_exchange_weak(seen, i + 1);) {
        }
        return &g_blocks[i];
    }
    return nullptr;
}

struct Stack {
    std::uintptr_t low, bytes;
};

// The main thread's stack grows on demand: from the first frame down to its limit.
Stack main_stack() {
    rlimit limit{};
    std::uintptr_t bytes = kMostStackBytes;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < kMostStackBytes) bytes = limit.rlim_cur;
    const std::uintptr_t high = (address_of(__libc_stack_end) + 4096) / 4096 * 4096;
    return {high - bytes, bytes};
}

Stack thread_stack(ThreadState& thread) {
    pthread_attr_t attributes;
    void* low = nullptr;
    std::size_t bytes = 0;
    thread.scratch_allocation = thread.block != nullptr;  // libc allocates a set of CPUs on the way
    ++thread.quiet;
    const bool known = pthread_getattr_np(pthread_self(), &attributes) == 0;
    if (known) {
        pthread_attr_getstack(&attributes, &low, &bytes);
        pthread_attr_destroy(&attributes);
    }
    --thread.quiet;
    thread.scratch_allocation = false;
    if (!known) return {};
    const std::uintptr_t high = address_of(low) + bytes;
    if (bytes > kMostStackBytes) bytes = kMostStackBytes;
    return {high - bytes, bytes};
}

void thread_is_ending(void* mark) {
    ThreadState& thread = self();
    // Other destructors of the thread's data may still run hooked code: come last, as often as libc lets one come back.
    if (++thread.end_rounds < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific(g_end_key, mark) == 0) return;
    note_left_onces(thread);
    emit(thread, Kind::kThreadEnd, 0, 0, static_cast<std::uint64_t>(pthread_self()), 0);
    release_thread(thread);
    await_creator(thread);
}

}  // namespace

void watch_thread_ends() {
    g_has_end_key = pthread_key_create(&g_end_key, thread_is_ending) == 0;
}

void forget_other_threads(const ThreadBlock* own) {
    const std::uint32_t used = g_process.blocks_used.load();
    for (std::uint32_t i = 0; i < used && i < kMostThreads; ++i) {
        ThreadBlock& block = g_blocks[i];
        if (block.used.load() == 0) continue;
        unmap_ring(block.ring);
        block.ring = nullptr;
        if (&block == own) continue;
        unregister_stack(block);
        block.used.store(0);
    }
}

std::int32_t current_tid() {
    return static_cast<std::int32_t>(arch::system_call(SYS_gettid));
}
std::int32_t current_pid() {
    return static_cast<std::int32_t>(arch::system_call(SYS_getpid));
}

void claim_thread(ThreadState& thread, const ThreadOrigin& origin) {
    thread.phase = Phase::kBusy;
    compiler_barrier();
    thread.tid = current_tid();
    ThreadSlot* slot = claim_slot();
    trace::Record* ring = slot == nullptr ? nullptr : map_ring(static_cast<std::uint32_t>(slot - g_process.slots));
    if (ring == nullptr) {
        if (slot != nullptr) slot->state.store(static_cast<std::uint32_t>(SlotState::kFree));
        g_process.header->threads_without_slot.fetch_add(1);
        thread.phase = Phase::kOff;
        return;
    }
    slot->pid.store(g_process.pid, std::memory_order_relaxed);
    slot->tid.store(thread.tid, std::memory_order_relaxed);
    slot->pending.store(0, std::memory_order_relaxed);
    slot->generation.fetch_add(1, std::memory_order_release);
    thread.slot = slot;
    thread.ring = ring;
    thread.head = slot->head.load();
    thread.tail_seen = slot->tail.load();
    thread.stalled_at = UINT64_MAX;
    thread.pending = Pending::kNone;
    thread.frame_copies_left = kFrameCopies;
    if (thread.block == nullptr) thread.block = claim_block();
    Stack stack{};
    if (thread.block != nullptr) {
        thread.block->ring = ring;
        if (thread.stack_bytes == 0) {
            stack = thread.tid == g_process.pid ? main_stack() : thread_stack(thread);
            register_stack(*thread.block, stack.low, stack.bytes);
        } else {
            stack = {thread.stack_low, thread.stack_bytes};
        }
    }
    thread.stack_low = stack.low;
    thread.stack_bytes = stack.bytes;
    if (g_has_end_key) pthread_setspecific(g_end_key, &thread);
    finish(thread);
    if (origin.starts_process) {
        emit(thread, Kind::kProcessStart, static_cast<std::uint8_t>(origin.kind), 0, getauxval(AT_ENTRY),
             static_cast<std::uint64_t>(origin.parent));
    }
    emit(thread, Kind::kThreadStart, 0, origin.routine, static_cast<std::uint64_t>(pthread_self()),
         static_cast<std::uint64_t>(origin.creator));
    if (stack.bytes != 0) emit(thread, Kind::kStackBounds, 0, 0, stack.low, stack.bytes);
}

void release_thread(ThreadState& thread) {
    if (thread.phase == Phase::kUnknown) thread.phase = Phase::kOff;
    if (thread.phase != Phase::kReady) return;
    settle(thread);
    thread.phase = Phase::kOff;
    compiler_barrier();
    thread.stack_bytes = 0;
    thread.slot->state.store(static_cast<std::uint32_t>(SlotState::kEnded), std::memory_order_release);
    if (thread.block != nullptr) {
        unregister_stack(*thread.block);
        thread.block->ring = nullptr;
        thread.block->used.store(0, std::memory_order_release);
        thread.block = nullptr;
    }
    unmap_ring(thread.ring);
    thread.ring = nullptr;
}

bool enter_slow(ThreadState& thread) {
    if (thread.phase == Phase::kUnknown) {
        if (g_process.attached.load(std::memory_order_acquire)) {
            claim_thread(thread, {});
        } else if (g_process.started.load(std::memory_order_acquire)) {
            thread.phase = Phase::kOff;
        }
        return thread.phase == Phase::kReady;
    }
    if (thread.phase == Phase::kBusy && thread.slot != nullptr) thread.slot->dropped.fetch_add(1, std::memory_order_relaxed);
    return false;
}

void leave_slow(ThreadState& thread) {
    thread.attention &= static_cast<std::uint16_t>(~attention::kLoadFaulted);
    if ((thread.attention & attention::kSignals) != 0) redeliver_signals(thread);
}

}  // namespace heddle::runtime
