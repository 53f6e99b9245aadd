// LockOrder: follows which locks each thread holds (mutexes, read-write locks, spin locks) and feeds what it asks for meanwhile
// to a LockGraph. A trylock and a lock with a time limit do not wait for ever: they ask for nothing, but what they got is held.
// A wait on a condition variable gives its mutex back and asks for it again. Semaphores have no holder and are not followed.
// Fed in the order of the log by one thread at a time; trusts no event.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "core/race/happens_before.h"
#include "core/race/lock_graph.h"

namespace heddle::race {

class LockOrder {
public:
    explicit LockOrder(SharedMemory shared = {}) : lifetimes_({.edges = Edges::kLifetimes, .shared = std::move(shared)}) {}

    void add(const trace::PackedEvent& event, std::uint64_t index, std::span<const trace::ThreadInfo> threads);
    LockGraph::Found find() const;
    bool knows(trace::ThreadIndex thread) const { return lifetimes_.knows(thread); }
    Place place(trace::ThreadIndex thread, std::uint64_t address) const { return lifetimes_.place(thread, address); }
    std::span<const LockUse> held(trace::ThreadIndex thread) const;  // in the order they were taken

private:
    struct Thread {
        std::vector<LockUse> held;
        std::vector<unsigned> depth;   // of each, for recursive ones
        std::uint64_t waits_with = 0;  // the mutex of the condition variable it waits on
        ClockRef past;                 // its clock, shared by the acquisitions made under it
    };
    void begin(Thread& thread, const trace::PackedEvent& event, std::uint64_t index);
    void end(Thread& thread, const trace::PackedEvent& event, std::uint64_t index);
    LockUse use(const trace::PackedEvent& event, std::uint64_t address, std::uint64_t index, bool exclusive) const;
    void ask(Thread& thread, trace::ThreadIndex who, const LockUse& wanted);
    static void take(Thread& thread, const LockUse& got);
    static void give_back(Thread& thread, const Place& lock);

    HappensBefore lifetimes_;
    std::vector<Thread> threads_;
    LockGraph graph_;
};

}  // namespace heddle::race
