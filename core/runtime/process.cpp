// The process's and the threads' life in the arena: attach, claim a slot, end it, begin anew after fork and exec.
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/runtime/emit.h"
#include "core/runtime/real.h"
#include "core/runtime/signals.h"
#include "core/runtime/stack_map.h"

extern "C" void* __libc_stack_end;

namespace heddle::runtime {

constinit Process g_process{};
constinit ThreadBlock g_blocks[kMostThreads]{};
constinit std::atomic<std::uint16_t> g_stack_granules[kGranules]{};
thread_local constinit ThreadState g_thread;

namespace {

using trace::Kind;
using trace::SlotState;
using trace::StartKind;
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

// HEDDLE_ARENA's descriptor, or -1. The value comes from outside: anything but a small decimal number is ignored.
int named_descriptor() {
    const char* text = getenv(trace::kArenaVariable);
    if (text == nullptr || *text == 0) return -1;
    int fd = 0;
    for (int digits = 0; *text != 0; ++text, ++digits) {
        if (*text < '0' || *text > '9' || digits > 6) return -1;
        fd = fd * 10 + (*text - '0');
    }
    return fd;
}

bool is_arena(const trace::ArenaHeader& header, std::uint64_t file_bytes) {
    return header.magic == trace::kArenaMagic && header.version == trace::kArenaVersion &&
           header.header_bytes == sizeof(trace::ArenaHeader) && header.slot_bytes == sizeof(ThreadSlot) &&
           header.slot_count > 0 && header.slot_count <= (1U << 20) && header.ring_capacity >= 128 &&
           header.ring_capacity <= (std::uint64_t{1} << 32) && (header.ring_capacity & (header.ring_capacity - 1)) == 0 &&
           header.rings_offset == trace::rings_offset_for(header.slot_count) && header.total_bytes <= file_bytes &&
           header.total_bytes >= trace::arena_bytes(header.slot_count, header.ring_capacity) &&
           (header.tick_source == TickSource::kCounter || header.tick_source == TickSource::kMonotonic);
}

bool attach() {
    const int fd = named_descriptor();
    struct stat status {};
    if (fd < 0 || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return false;
    trace::ArenaHeader header{};
    const long got = arch::system_call(SYS_pread64, fd, reinterpret_cast<long>(&header), sizeof header, 0);
    if (got != sizeof header || !is_arena(header, static_cast<std::uint64_t>(status.st_size))) return false;
    const long mapped =
        arch::system_call(SYS_mmap, 0, static_cast<long>(header.rings_offset), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (failed(mapped)) return false;
    // Copies of what the header says: the program may scribble over the mapping later.
    g_process.header = reinterpret_cast<trace::ArenaHeader*>(mapped);
    g_process.slots = reinterpret_cast<ThreadSlot*>(mapped + static_cast<long>(sizeof header));
    g_process.slot_count = header.slot_count;
    g_process.process_limit = header.process_limit;
    g_process.rings_offset = header.rings_offset;
    g_process.ring_mask = header.ring_capacity - 1;
    g_process.tick_source = header.tick_source;
    g_process.arena_fd = fd;
    g_process.pid = current_pid();
    return true;
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
    emit(thread, Kind::kThreadEnd, 0, 0, static_cast<std::uint64_t>(pthread_self()), 0);
    release_thread(thread);
    await_creator(thread);
}

// Threads of the image that this exec replaced: their slots end here.
bool end_replaced_image() {
    bool replaced = false;
    const std::uint32_t used = g_process.header->slots_used.load();
    for (std::uint32_t i = 0; i < used && i < g_process.slot_count; ++i) {
        ThreadSlot& slot = g_process.slots[i];
        auto live = static_cast<std::uint32_t>(SlotState::kLive);
        if (slot.state.load() != live || slot.pid.load() != g_process.pid) continue;
        replaced = slot.state.compare_exchange_strong(live, static_cast<std::uint32_t>(SlotState::kEnded)) || replaced;
    }
    return replaced;
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

}  // namespace

std::int32_t current_tid() {
    return static_cast<std::int32_t>(arch::system_call(SYS_gettid));
}
std::int32_t current_pid() {
    return static_cast<std::int32_t>(arch::system_call(SYS_getpid));
}

bool count_process() {
    auto& live = g_process.header->live_processes;
    const std::int32_t before = live.fetch_add(1);
    const auto limit = static_cast<std::int32_t>(g_process.process_limit);
    if (limit == 0 || before < limit) return true;
    live.fetch_sub(1);
    return false;
}

void note_reaped(std::int32_t pid) {
    if (pid <= 0 || !g_process.attached.load(std::memory_order_acquire)) return;
    const std::uint32_t used = g_process.header->slots_used.load();
    for (std::uint32_t i = 0; i < used && i < g_process.slot_count; ++i) {
        ThreadSlot& slot = g_process.slots[i];
        auto live = static_cast<std::uint32_t>(SlotState::kLive);
        if (slot.state.load(std::memory_order_relaxed) != live || slot.pid.load() != pid) continue;
        const bool counted = slot.tid.load() == pid;
        const bool ended = slot.state.compare_exchange_strong(live, static_cast<std::uint32_t>(SlotState::kEnded));
        if (ended && counted) uncount_process();
    }
}

void uncount_process() {
    g_process.header->live_processes.fetch_sub(1);
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
        emit(thread, Kind::kProcessStart, static_cast<std::uint8_t>(origin.kind), 0, 0,
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

void end_process(int code) {
    ThreadState& thread = self();
    if (thread.in_vfork || thread.phase != Phase::kReady) return;
    emit(thread, Kind::kProcessEnd, 0, 0, 0, static_cast<std::uint64_t>(static_cast<std::uint32_t>(code)));
    uncount_process();
    release_thread(thread);
}

void restart_in_child() {
    ThreadState& thread = self();
    const std::int32_t parent = g_process.pid;
    const bool counted = thread.fork_counted;
    thread.phase = Phase::kBusy;
    compiler_barrier();
    g_process.pid = current_pid();
    thread.fork_counted = false;
    if (!counted) g_process.header->live_processes.fetch_add(1);
    forget_other_threads(thread.block);
    thread.deferred_count = 0;
    thread.attention = 0;
    claim_thread(thread, {.starts_process = true, .kind = StartKind::kForked, .parent = parent});
    if (thread.phase != Phase::kReady) uncount_process();  // nobody would see it end
    g_process.pages_watched.store(true, std::memory_order_relaxed);
}

namespace {

constinit std::atomic<int> g_quick_exit_code{0};

void before_fork() {
    settle(self());
}
void in_forked_child() {
    if (self().slot != nullptr && g_process.attached.load()) restart_in_child();
}
void at_exit(int code, void*) {
    end_process(code & 0xff);
}
void at_quick_exit_handler() {
    end_process(g_quick_exit_code.load() & 0xff);
}

}  // namespace

void note_quick_exit(int code) {
    g_quick_exit_code.store(code);
}

void start_process() {
    if (g_process.started.load(std::memory_order_acquire)) return;
    real::ensure();
    if (attach()) {
        ThreadState& thread = self();
        g_has_end_key = pthread_key_create(&g_end_key, thread_is_ending) == 0;
        pthread_atfork(before_fork, nullptr, in_forked_child);
        // Registered before all others, so they run last.
        on_exit(at_exit, nullptr);
        at_quick_exit(at_quick_exit_handler);
        guard_faults();
        const bool first = g_process.header->slots_used.load() == 0;
        const bool replaced = end_replaced_image();
        if (!replaced) g_process.header->live_processes.fetch_add(1);
        claim_thread(thread, {.starts_process = true,
                              .kind = first ? StartKind::kFirst : StartKind::kExecuted,
                              .parent = static_cast<std::int32_t>(arch::system_call(SYS_getppid))});
        if (thread.phase != Phase::kReady) uncount_process();
        g_process.attached.store(true, std::memory_order_release);
    }
    g_process.started.store(true, std::memory_order_release);
}

}  // namespace heddle::runtime

// Before the program's own constructors: the library is initialized before what depends on it.
[[gnu::constructor(101)]] static void heddle_runtime_loaded() {
    heddle::runtime::start_process();
}
