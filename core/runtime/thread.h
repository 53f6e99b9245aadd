// ThreadState: what the runtime knows about the calling thread, in its thread-local storage, and Process: what it knows about
// the process. `self()` is the one answer to "which thread am I". Used by every hook and interposer on the program's own
// threads; the first cache line is the fast path. Nothing here allocates, locks or throws.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/base/clock.h"
#include "core/runtime/arch.h"
#include "core/trace/arena.h"
#include "core/trace/call.h"
#include "core/trace/hooked_code.h"
#include "core/trace/record.h"

// The C ABI's definitions: what the program finds in this library.
#define HEDDLE_EXPORT extern "C" __attribute__((visibility("default")))
// What every hook does on its fast path, whatever the compiler thinks of the size.
#define HEDDLE_HOT [[gnu::always_inline]] inline

namespace heddle::runtime {

inline constexpr unsigned kMostThreads = 1024;  // with a shadow stack and a reachable stack; more run on without
inline constexpr unsigned kShadowDepth = 1024;  // deeper frames are counted, not stored
inline constexpr unsigned kGranuleBits = 20;    // stacks are found by the megabytes they lie in
inline constexpr std::uint32_t kGranules = 1U << 16;
inline constexpr std::uintptr_t kMostStackBytes = std::uintptr_t{64} << 20;  // of a stack, counted from its top
inline constexpr unsigned kMostDeferred = 4;
inline constexpr std::uint32_t kFrameCopies = 2000;
inline constexpr std::uint32_t kMostOnces = 4;  // of one thread, in each other; deeper ones run unwatched

enum class Phase : std::uint16_t {
    kUnknown,  // not looked at yet
    kReady,    // recording
    kBusy,     // inside a hook
    kOff,      // not recording: no arena, no slot, ended, or the child of a vfork
};

// What stands at the ring's head without being published.
enum class Pending : std::uint32_t {
    kNone = 0,
    kLoad1 = 1,
    kLoad2,
    kLoad4,
    kLoad8,
    kLoad16,      // an access whose value is read at the next hook
    kAtomic = 8,  // an atomic that records itself when it is done
};

// A thread's memory beside its thread-local storage (that shares the thread's stack, and so must stay small). Never freed:
// another thread may be looking at it while its owner ends.
struct ThreadBlock {
    std::atomic<std::uint32_t> used;
    std::atomic<std::uintptr_t> stack_low;
    std::atomic<std::uintptr_t> stack_bytes;
    // One bit per 8-byte word of the stack that another thread reached; null until the first.
    std::atomic<std::atomic<std::uint64_t>*> reached;
    trace::Record* ring;  // mapped
    std::uintptr_t frames[kShadowDepth];
    alignas(16) char scratch[1024];                          // libc's allocation while it is asked for the stack's bounds
    alignas(16) unsigned char deferred[kMostDeferred][128];  // siginfo_t of signals that came while a hook was at work
};

// A call of pthread_once that has not returned.
struct RunningOnce {
    std::uintptr_t once;
    void (*routine)();     // null: it runs
    std::uintptr_t pc;     // of the call
    std::uintptr_t frame;  // the call's canonical frame address
};

struct alignas(64) ThreadState {
    Phase phase;
    std::uint16_t attention;  // bits below: something to do before the hook returns
    Pending pending;
    trace::Record* ring;
    std::uint64_t head;
    std::uint64_t tail_seen;
    trace::ThreadSlot* slot;
    std::uintptr_t stack_low;
    std::uintptr_t stack_bytes;
    ThreadBlock* block;

    std::uint32_t depth;
    std::uint32_t frame_copies_left;
    std::uint32_t quiet;  // > 0: libc works on the runtime's or a recorded call's behalf; its own calls are not the program's
    Phase phase_before_vfork;
    bool in_vfork;
    bool at_gate;  // what it is about to do is asked there, or done
    bool scratch_allocation;
    std::int32_t tid;
    std::int32_t end_rounds;
    std::uint64_t stalled_at;  // the consumer's position when it was waited for in vain
    bool fork_counted;
    std::uintptr_t library_pc;  // where the program called the function of stdio that it is in; 0: it is in none
    struct StartNote* start_note;
    std::uint32_t deferred_count;
    trace::AnnouncedBlocks announced;  // by the head of the ring
    std::uint32_t once_count;
    RunningOnce onces[kMostOnces];  // outer first
};
static_assert(offsetof(ThreadState, depth) == 64);

namespace attention {
inline constexpr std::uint16_t kSignals = 1;  // signals came while the hook was at work
inline constexpr std::uint16_t kLoadFaulted = 2;
}  // namespace attention

struct alignas(64) Process {
    std::uint64_t ring_mask;
    TickSource tick_source;
    std::atomic<bool> attached;
    std::atomic<bool> started;
    std::atomic<bool> pages_watched;  // a fork happened: writes may copy pages
    trace::ArenaHeader* header;
    trace::ThreadSlot* slots;
    std::uint32_t slot_count;
    std::uint32_t process_limit;
    std::uint64_t rings_offset;
    std::int32_t arena_fd;
    std::int32_t pid;
    std::atomic<std::uint32_t> blocks_used;  // high-water mark
};

extern Process g_process;
extern ThreadBlock g_blocks[kMostThreads];
extern std::atomic<std::uint16_t> g_stack_granules[kGranules];  // how many stacks overlap a megabyte with this number

extern thread_local constinit ThreadState g_thread;

inline ThreadState& self() {
    return g_thread;
}

// Attaches to the arena, once per process; later calls return at once.
void start_process();
struct ThreadOrigin {
    std::uintptr_t routine = 0;  // 0 where unknown
    std::int32_t creator = 0;    // tid; 0 where unknown
    bool starts_process = false;
    trace::StartKind kind = trace::StartKind::kFirst;
    std::int32_t parent = 0;  // pid
};
// Gives the calling thread a slot, a ring and a block, and leaves it kReady (having recorded its start and its stack) or kOff.
void claim_thread(ThreadState& thread, const ThreadOrigin& origin);
// At the very end of a thread: not before its creator has read its id (it lies in memory that goes away with the thread).
void await_creator(ThreadState& thread);
// Has the end of every thread that claimed a slot noticed, from a destructor of its thread-specific data.
void watch_thread_ends();
// In the child of a fork: the other threads' blocks and rings are nobody's now. `own` keeps its block.
void forget_other_threads(const ThreadBlock* own);
// Publishes what is pending, ends the slot, and records nothing more.
void release_thread(ThreadState& thread);
// The slow side of `begin`: true when the thread can record now.
bool enter_slow(ThreadState& thread);
// Attends to what came up while a hook was at work.
void leave_slow(ThreadState& thread);
// In the child of a fork: forgets the parent's threads and claims anew.
void restart_in_child();
// Counts one more live process; false (and not counted) at the limit.
bool count_process();
void uncount_process();
// A child was reaped: when it ended without a word (killed, crashed), its slots end here.
void note_reaped(std::int32_t pid);
// Records the process's end with its exit code; further records of this thread are off.
void end_process(int code);
// quick_exit runs handlers of its own; the end is recorded in the last of them, with this code.
void note_quick_exit(int code);

// Nanoseconds of CLOCK_MONOTONIC, the machine's own: a gate has another time for the program.
std::int64_t machine_now();

std::int32_t current_tid();
std::int32_t current_pid();

}  // namespace heddle::runtime
