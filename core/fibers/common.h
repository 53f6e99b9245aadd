// What all processes of a program that forks have in common: its threads, whose turn it is, and how it is chosen. On threads it
// lies in memory that a child goes on sharing with its parent, at the same address. Belongs to the thread that moves, but for
// the lock.
#pragma once

#include <atomic>

#include "core/fibers/fiber.h"
#include "core/sched/pct.h"
#include "core/sched/random_walk.h"
#include "core/sched/replay.h"
#include "core/sched/round_robin.h"
#include "core/sched/run_on.h"

namespace heddle::fibers {

inline constexpr std::uint32_t kMostProcesses = 32, kMostFree = 256, kMostSharedPages = 256;

struct Policies {
    sched::RunOn run_on;
    sched::RoundRobin round_robin;
    sched::RandomWalk random_walk;
    sched::Pct pct;
    sched::Replay replay;
    // The same course goes on as it was.
    trace::Follow follow;
    std::uint64_t seed;
};

// A thread is known by its maker and its place among the threads that this one made.
struct Name {
    std::uint8_t parent;
    std::uint32_t index;
};

// At the gate.
struct Process {
    std::int32_t pid;
    bool at_gate;
    bool leaving;  // on its way out: whoever moves next waits until it has ended
    bool reaped;   // its parent was told of its end: its number may be another one's
    std::uint32_t first_thread;
};

// What is known of the states that came before (cycles.h).
struct Cycles {
    struct {
        std::uint64_t state, rest, moved;  // moved: who has since
        std::uint32_t at, next;
    } remembered;
    std::uint64_t transfers;
    bool thorough;                             // on threads: all memory is looked at
    std::uint64_t own_states[kMostProcesses];  // on threads: as of each process's latest step
    struct {
        std::uint64_t name, state;
    } shared_pages[kMostSharedPages];  // on threads: of memory that processes share
    std::uint32_t shared_count;
    std::uint64_t states[trace::kMostSteps];      // before each step
    std::uint64_t came_from[trace::kMostFibers];  // each thread's last step: its place, and the calls it was in
};

struct alignas(4096) Common {
    Fiber fibers[trace::kMostFibers];
    std::uint32_t current;
    std::uint64_t asleep, partly_asleep;  // of a search
    std::uint32_t choice;
    std::uint32_t looked_at;  // the step count when the effect of the last step was looked at
    std::uint64_t logical_ns;
    std::uint64_t tickets;            // of queues; on threads
    std::atomic<std::uint32_t> lock;  // 0 free, 1 taken, 2 taken and waited for; whose it is says the board (chooser)
    bool somebody_moves;              // under the lock
    std::atomic<bool> choosing;       // the one that holds the lock is to say who goes on
    bool signals_sent;                // by the program to itself
    std::atomic<std::uint32_t> handlers_begun;
    std::uint32_t followed;      // the request whose course is followed
    std::uint32_t stood_before;  // 1 + the step
    Policies policies;
    Name names[trace::kMostFibers];
    std::uint32_t named;
    Process processes[kMostProcesses];
    std::uint32_t process_count;
    std::int32_t free[kMostFree];  // processes that are not at the gate
    std::uint32_t free_count;
    std::int64_t exit_code;  // of the first process, and its variables' digest, where others outlive it
    std::uint64_t digest;
    Cycles cycles;
};
extern Common g_common;
inline constexpr auto& g_fibers = g_common.fibers;
inline constexpr auto& g_current = g_common.current;        // the fiber that runs
inline constexpr auto& g_logical_ns = g_common.logical_ns;  // the clock the program sees
extern std::uint8_t g_process;                              // the calling one, among those at the gate

inline bool is_mine(const Fiber& fiber) {
    return fiber.process == g_process;
}
// Once, before the program's first thread moves. False: no memory.
bool share_with_children();

}  // namespace heddle::fibers
