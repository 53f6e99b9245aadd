// The process's life in the arena: attach, count, begin anew after fork and exec, end.
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/runtime/emit.h"
#include "core/runtime/gate.h"
#include "core/runtime/real.h"
#include "core/runtime/signals.h"

namespace heddle::runtime {

constinit Process g_process{};
namespace {

using trace::Kind;
using trace::SlotState;
using trace::StartKind;
using trace::ThreadSlot;

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
    if (mapped < 0 && mapped > -4096) return false;
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

}  // namespace

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

std::int64_t machine_now() {
    timespec now{};
    arch::system_call(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&now));
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

namespace {

// Stands still until Heddle has looked at this process in /proc, at most a twentieth of a second: at its start, and before what
// there is to see is gone.
void let_heddle_look(ThreadState& thread) {
    if (thread.phase != Phase::kReady) return;
    constexpr std::int64_t kMostNanoseconds = 50'000'000;
    const auto detail = static_cast<std::uint8_t>(trace::CallId::kLook);
    emit(thread, Kind::kCallBegin, detail, 0, 0, 0);
    ThreadSlot& slot = *thread.slot;
    const std::uint32_t wanted = slot.look_wanted.fetch_add(1) + 1;
    const std::int64_t deadline = machine_now() + kMostNanoseconds;
    for (std::uint32_t done = slot.look_done.load(); done != wanted; done = slot.look_done.load()) {
        const std::int64_t left = deadline - machine_now();
        if (left <= 0) break;
        const timespec timeout{0, static_cast<long>(left)};
        arch::system_call(SYS_futex, reinterpret_cast<long>(&slot.look_done), FUTEX_WAIT, static_cast<long>(done),
                          reinterpret_cast<long>(&timeout));
    }
    emit(thread, Kind::kCallEnd, detail, 0, 0, 0);
}

}  // namespace

void end_process(int code) {
    ThreadState& thread = self();
    if (thread.in_vfork || thread.phase != Phase::kReady) return;
    let_heddle_look(thread);
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
    let_heddle_look(thread);
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
    gate::find();
    if (attach()) {
        ThreadState& thread = self();
        watch_thread_ends();
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
        let_heddle_look(thread);
    }
    g_process.started.store(true, std::memory_order_release);
}

}  // namespace heddle::runtime

// Before the program's own constructors: the library is initialized before what depends on it.
[[gnu::constructor(101)]] static void heddle_runtime_loaded() {
    heddle::runtime::start_process();
}
