// The board: the shared memory between the search in Heddle and the fibers library inside the explored program. Heddle asks for
// one execution at a time (a prefix of choices to follow, threads to leave asleep after it), the library answers with what was
// done step by step and how it ended. Layout only; everything the library's side wrote is untrusted to Heddle.
//
// One side waits while the other works: `asked` and `answered` count the requests, each a futex word. The library finds the
// board by kBoardVariable, as the runtime finds its arena (arena.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "core/trace/library_state.h"
#include "core/trace/operation.h"

namespace heddle::trace {

inline constexpr std::uint64_t kBoardMagic = 0x444b4f4f42440007;
inline constexpr char kBoardVariable[] = "HEDDLE_BOARD";
inline constexpr int kBoardDescriptor = 1001;

inline constexpr std::uint32_t kMostFibers = 64;
inline constexpr std::uint32_t kMostSteps = 1U << 16;
inline constexpr std::uint32_t kBoardTextBytes = 4096;
inline constexpr std::uint32_t kOutputBytes = 1U << 16;

inline constexpr std::uint32_t kAfterBlocks = UINT32_MAX;  // as Board::pause_at: once the blocks are at their end

inline constexpr std::uint32_t kMostOutcomes = 100'000;
inline constexpr std::uint32_t kMostMappings = 256;

// A granule is 8 bytes of memory. Visible: several threads use it and one of them writes.
inline constexpr std::uint32_t kGranuleSlots = 1U << 16;  // of a hash table with linear probing

// An entry of the table of granules: its number (address / 8) above these bits.
namespace granule_bits {
inline constexpr std::uint64_t kOwnerMask = 0x3f;  // the first thread that used it
inline constexpr std::uint64_t kWritten = 0x40;
inline constexpr std::uint64_t kShared = 0x80;  // several threads used it
inline constexpr std::uint64_t kUsed = 0x100;
inline constexpr unsigned kShift = 10;
constexpr bool visible(std::uint64_t entry) {
    return (entry & (kWritten | kShared)) == (kWritten | kShared);
}
// Neighbours lie side by side, so that few of the table's pages are touched.
constexpr std::uint32_t first_slot(std::uint64_t granule) {
    constexpr std::uint64_t kNeighbours = 64;
    return static_cast<std::uint32_t>((granule / kNeighbours * 0x9e3779b97f4a7c15ULL >> 48) * kNeighbours +
                                      granule % kNeighbours) %
           kGranuleSlots;
}
}  // namespace granule_bits

enum class Ending : std::uint32_t {
    kNone = 0,
    kFinished = 1,  // main returned or the program exited; value: exit code
    kDeadlock = 2,
    kAssertion = 3,  // text: what was asserted
    kCrash = 4,      // value: the signal
    kUncaughtException = 5,
    kStepLimit = 6,
    kRedundant = 7,    // every thread that could go on is asleep
    kDiverged = 8,     // value: the step at which the prefix could not be followed
    kUnsupported = 9,  // text: the call that cannot be explored
    kLivelock = 10,    // the whole state came back, and every thread that could move had moved
    kMemoryLimit = 11,
    kLockLeak = 12,  // object: the lock that its thread's end left locked
    kMisuse = 13,    // an unlock by the wrong thread, a double join, a destroyed lock in use; text
    kTooManyThreads = 14,
    kUseAfterFree = 15,  // object: what was accessed; places: where it was freed, and the access
    kDoubleFree = 16,    // object: the block; places: both
    kInvalidFree = 17,   // object: what is no block of the heap
    kNeedsThreads = 18,  // text: a call that the program can make on kernel threads only (Board::copies)
};

// By what a thread does, as against what none can do; the whole process ends, whatever its other threads were about to do.
constexpr bool ends_in_its_thread(Ending ending) {
    switch (ending) {
        case Ending::kAssertion:
        case Ending::kCrash:
        case Ending::kUncaughtException:
        case Ending::kMisuse:
        case Ending::kUseAfterFree:
        case Ending::kDoubleFree:
        case Ending::kInvalidFree:
            return true;
        default:
            return false;
    }
}

// As findings, reports and the texts of the translations spell it; empty: none. "schedule": one that does not fit.
constexpr std::string_view ending_name(Ending ending) {
    switch (ending) {
        case Ending::kNone:
            break;
        case Ending::kFinished:
            return "finished";
        case Ending::kDeadlock:
            return "deadlock";
        case Ending::kAssertion:
            return "assertion";
        case Ending::kCrash:
            return "crash";
        case Ending::kUncaughtException:
            return "uncaught-exception";
        case Ending::kStepLimit:
            return "step-limit";
        case Ending::kRedundant:
            return "redundant";
        case Ending::kDiverged:
            return "schedule";
        case Ending::kUnsupported:
            return "unsupported";
        case Ending::kLivelock:
            return "livelock";
        case Ending::kMemoryLimit:
            return "memory-limit";
        case Ending::kLockLeak:
            return "lock-leak";
        case Ending::kMisuse:
            return "misuse";
        case Ending::kTooManyThreads:
            return "too-many-threads";
        case Ending::kUseAfterFree:
            return "use-after-free";
        case Ending::kDoubleFree:
            return "double-free";
        case Ending::kInvalidFree:
            return "invalid-free";
        case Ending::kNeedsThreads:
            return "needs-threads";
    }
    return {};
}

// What is asked for.
enum class Task : std::uint32_t {
    kExecution = 1,  // one, by the request's prefix
    kSearch = 2,     // go on with the complete search until there is news
    kStep = 3,       // go on with the one execution on threads, up to `pause_at`
};
enum class News : std::uint32_t { kNone = 0, kExecution = 1, kRace = 2, kObstacle = 3, kForgotten = 4, kExhausted = 5 };

// What follows the prefix (core/sched).
enum class Follow : std::uint32_t {
    kSame = 0,        // the running thread as long as it can, then the lowest that can
    kRandom = 1,      // seed
    kPriorities = 2,  // PCT (Burckhardt et al., ASPLOS 2010): seed, priority_changes among the first expected_steps
    kBlocks = 3,      // the blocks, then as kSame
    kTurns = 4,       // one step each
};

// What a thread that waits for its turn is to do.
enum class Turn : std::uint32_t {
    kWait = 0,
    kGo = 1,
    kAnswer = 2,    // say whether it could go on
    kTakeOver = 3,  // choose, if the one that has the turn is gone, or given up
};

struct Choice {
    std::uint8_t thread;
    std::uint8_t choice;
};

// A thread goes on until it has passed this many hooks; the last step of the block comes out in this way.
struct Block {
    std::uint32_t last_tick;
    std::uint8_t thread, choice;
    std::uint16_t unused;
};

// Where the functions that an operation lies in were called from, innermost first; 0: no more.
struct Callers {
    static constexpr std::uint32_t kMost = 6;
    std::uint64_t sites[kMost];
};

// Memory that processes share, from where it was mapped on. The calls around that, innermost first, each with the canonical
// frame address of the function that it lies in; 0: no more.
struct SharedMapping {
    static constexpr std::uint32_t kMostCalls = 1 + Callers::kMost;
    std::uint64_t name;  // of its first byte, in an operation's object (spaces)
    std::uint64_t start, bytes;
    std::uint64_t sites[kMostCalls], frames[kMostCalls];
    std::uint64_t thread;
};

struct Step {
    Operation operation;
    std::uint64_t enabled;  // before it, a bit a thread
    std::uint8_t thread;
    std::uint8_t choice, choices;  // which of how many ways this operation came out
    std::uint8_t unused[5];
    Callers callers;
};
static_assert(sizeof(Step) == 104);

// The first executions of a search step by step, for a person to look at. Written while the search is under way, read while it
// stands still.
struct SampledExecution {
    std::uint64_t outcome;  // see explore::outcome_key
    std::uint32_t shared;   // it begins with as many steps of the execution before it
    std::uint32_t added;    // then come these many of its own, which stand after those of the execution before it
    Ending ending;
};
struct Sample {
    static constexpr std::uint32_t kMostExecutions = 2000;
    static constexpr std::uint32_t kMostSteps = 1U << 16;
    static constexpr std::uint64_t kMostWalked = 1U << 20;  // those that are shared counted for each
    std::uint32_t generation;                               // another one than before: it was begun anew
    std::uint32_t executions, steps;
    std::uint32_t closed;  // 1: there is no room for more
    SampledExecution execution[kMostExecutions];
    Step step[kMostSteps];
};

struct Board {
    std::uint64_t magic;
    std::uint64_t bytes;
    std::atomic<std::uint32_t> asked;
    std::atomic<std::uint32_t> library_waits;  // 1: in the kernel, to be woken
    alignas(64) std::atomic<std::uint32_t> answered;
    std::atomic<std::uint32_t> heddle_waits;

    // The request.
    alignas(64) Task task;
    std::uint64_t most_executions;     // of a search, in all
    std::atomic<std::uint32_t> pause;  // 1: a search is to come back soon
    std::uint32_t prefix_length;
    std::uint32_t sleep_from;  // the step from which on `asleep` counts
    std::uint64_t asleep;
    std::uint64_t partly_asleep;  // these are, as far as their step would come out in one of the following ways
    std::uint64_t asleep_choices[kMostFibers];
    std::uint32_t step_limit;
    Follow follow;
    std::uint64_t seed;
    std::uint32_t priority_changes, expected_steps;
    std::uint32_t block_count;
    std::uint32_t every_access;  // 1: also an access to memory that is not known to be shared is a step
    std::uint32_t spurious;      // 1: a wait on a condition variable may end without a signal
    std::uint32_t sampled;       // 1: a search writes its first executions into `sample`
    std::uint32_t first_cycle;   // 1: the first time that the state comes back is looked for, for the shortest livelock
    // The program runs on kernel threads of its own, once, as the runtime records it (Task::kStep); or, with `copies`, once for
    // each request (Task::kExecution), in a copy of the process that stands before main. Both are set before it starts.
    std::uint32_t on_threads, copies;
    std::atomic<std::uint32_t> claimed;  // by the first image that finds the board; what it executes runs free
    std::uint32_t pause_at;              // the step before which it stops and answers

    // The answer.
    alignas(64) Ending ending;
    std::uint32_t step_count;
    std::int64_t value;
    std::uint64_t object;
    std::uint64_t pc;
    std::uint32_t thread;  // who ended it
    std::uint32_t place_count;
    Step places[2];              // of an ending that two places in the code are to blame for
    std::uint32_t thread_count;  // ever alive
    std::uint64_t alive;         // at the end, or now
    std::uint32_t
        cut_off[kMostFibers];  // 1 + the step that ended a thread with its process; what it was about to do is pending
    std::uint64_t enabled;     // now, while it is paused
    std::uint64_t digest;      // of the program's own variables
    std::uint32_t output_bytes;
    std::uint32_t newly_visible;  // granules that became visible in this execution: the search begins anew
    std::uint32_t ready;          // 1: the program stands before main
    // Of a search.
    News news;
    std::uint32_t race_first, race_second;
    std::uint32_t depth;
    std::atomic<std::uint64_t> executions, redundant, impossible;
    std::uint32_t outcome_count;
    std::uint32_t mapping_count, segment_count;
    SharedMapping mappings[kMostMappings];
    // Of System V shared memory without a key, that this execution made and that goes with it.
    struct {
        std::int32_t id, maker;  // the kernel's
        std::uint64_t name;
    } segments[kMostMappings];
    LibraryStatePlaces library_states;  // told in any execution
    char text[kBoardTextBytes];
    char output[kOutputBytes];
    std::int32_t tids[kMostFibers], pids[kMostFibers];  // on threads: the kernel's ids
    // On threads: the futex words in which they wait for their turn (Turn), and who has it.
    std::atomic<std::uint32_t> turns[kMostFibers];
    std::atomic<std::uint32_t> mover;
    // The process that holds the scheduler's lock, as where its thread stands here and is to say who goes on; 0: nobody.
    std::atomic<std::int32_t> chooser;
    // By Heddle: 1 + the mover that comes to no hook for long; the others may go on without it.
    std::atomic<std::uint32_t> given_up;
    // How often what stands here was begun and ended to be written (odd: it is).
    std::atomic<std::uint32_t> described;
    Operation pending[kMostFibers];  // of those alive at the end, or now
    Callers pending_callers[kMostFibers];
    Choice prefix[kMostSteps];
    Step steps[kMostSteps];
    // On threads, nanoseconds of CLOCK_MONOTONIC: when the thread before came to the gate, and when this one was let go.
    struct {
        std::int64_t arrived, released;
    } times[kMostSteps];
    Block blocks[kMostSteps];
    struct {
        std::uint64_t key, executions;
    } outcomes[kMostOutcomes];
    Sample sample;
    std::uint64_t granules[kGranuleSlots];  // see granule_bits; 0 free. Kept from execution to execution
};

// How it ended stands there last, behind what else is said of that: on threads the other side looks at any time.
inline void set_ending(Board& board, Ending ending) {
    std::atomic_ref(board.ending).store(ending, std::memory_order_release);
}
inline Ending ending_of(Board& board) {
    return std::atomic_ref(board.ending).load(std::memory_order_acquire);
}

// Whether several threads use some of these bytes and one of them writes, as far as the executions showed.
inline bool is_visible(const Board& board, std::uint64_t address, std::uint64_t bytes) {
    for (std::uint64_t granule = address >> 3; granule <= (address + bytes - 1) >> 3; ++granule) {
        std::uint32_t slot = granule_bits::first_slot(granule);
        for (std::uint32_t tried = 0; tried < kGranuleSlots && board.granules[slot] != 0; ++tried) {
            if (board.granules[slot] >> granule_bits::kShift == granule) {
                if (granule_bits::visible(board.granules[slot])) return true;
                break;
            }
            slot = (slot + 1) % kGranuleSlots;
        }
    }
    return false;
}

}  // namespace heddle::trace
