// LockGraph: which locks threads asked for while they held which, and the cycles in it: deadlocks that another schedule of the
// same program may bring, though none happened (Goodlock: Havelund, SPIN 2000; Bensalem and Havelund, PADTAD 2005). A cycle is
// reported when its threads are different, no lock that all of two of its steps hold keeps them apart (a gate lock), creation
// and joining of threads lets all its steps happen at once, and each step would really have to wait for the one before (two
// readers of a read-write lock do not). Plain values in, values out; lock_order.h makes the acquisitions from events.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "core/race/place.h"
#include "core/race/vector_clock.h"
#include "core/trace/event.h"

namespace heddle::race {

struct LockUse {
    Place lock;
    std::uint64_t address = 0;  // as its thread knows it
    std::uint64_t event = 0;    // held: that acquired it; wanted: that asks for it
    std::uint64_t pc = 0;
    bool exclusive = true;  // false: as a reader
};

// A thread asks for a lock, and waits for as long as it takes.
struct Acquisition {
    trace::ThreadIndex thread;
    LockUse wanted;
    std::vector<LockUse> held;  // by this thread, at that moment
    Epoch epoch;                // of the thread
    ClockRef past;              // what happens before it by create, join, fork and wait; null: nothing
};

// One thread of a cycle: it holds what the step before it wants, and wants what the next step holds.
struct DeadlockStep {
    trace::ThreadIndex thread;
    LockUse held, wanted;
};
struct PotentialDeadlock {
    std::vector<DeadlockStep> steps;  // at least two; the first holds the lock with the lowest place
};

class LockGraph {
public:
    struct Limits {
        std::size_t edges = 1 << 16;
        std::size_t steps = 1 << 20;  // of one search
        std::size_t cycle = 16;       // locks in one cycle
        std::size_t deadlocks = 256;
    };
    LockGraph() = default;
    explicit LockGraph(Limits limits) : limits_(limits) {}

    // No edge from a lock to itself; one that says nothing new is not kept again.
    void add(const Acquisition& acquisition);

    struct Found {
        std::vector<PotentialDeadlock> deadlocks;  // one for each circle of locks
        bool complete = true;                      // false: a limit was reached, there may be more
    };
    Found find() const;

private:
    struct Edge {
        LockUse from, to;
        trace::ThreadIndex thread;
        std::vector<LockUse> held;
        Epoch epoch;
        ClockRef past;
    };
    struct Search;
    static bool may_meet(const Edge& a, const Edge& b);
    static bool same(const Edge& a, const Edge& b);
    void extend(Search& search, std::size_t edge) const;

    Limits limits_;
    std::vector<Edge> edges_;
    std::multimap<Place, std::size_t> from_;  // held lock → edges
    bool complete_ = true;
};

}  // namespace heddle::race
