// MemoryModel: which stores an atomic load may return, by the C++ memory model. A processor or a compiler may let a thread see
// an older value for a while; which ones is told by happens-before, by what the thread has seen of the object already, and by
// the one order of all seq_cst operations (C++20, [atomics.order]). Told each step of one execution in turn; belongs to whoever
// carries the execution out.
//
// An object's modification order and the order of the seq_cst operations are taken to be the order of the steps. So a load never
// returns what is stored later (load buffering), and stores of two threads to two objects never end up in opposite orders.
// Everything else that the model allows is found. A read-modify-write reads the latest value, as it must; so does a
// compare-exchange that fails.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/explore/causality.h"

namespace heddle::explore {

class MemoryModel {
public:
    // The stores that a load may return, counted from the first; the value before any store is number 0. Older ones are left
    // out where the load could as well have come earlier and returned the same as the latest: that is an execution of its own.
    struct Readable {
        std::uint32_t latest = 0;
        std::uint32_t first = 0, last = 0;  // of the older ones; one past their end
        std::uint32_t choices() const { return last > first ? 1 + last - first : 1; }
        std::uint32_t store(std::uint32_t choice) const { return choice == 0 ? latest : last - choice; }
    };

    // Forgets what was done: another execution, of at most so many threads.
    void begin(std::uint32_t threads);
    // Before each access to an atomic object is done: what is in memory.
    void meet(const trace::Operation& access, std::uint64_t in_memory);
    // The last of the steps is done, its value known.
    void take(std::span<const trace::Step> steps);

    Readable readable(std::uint32_t thread, const trace::Operation& load) const;
    std::uint64_t value(std::uint64_t object, std::uint32_t store) const;
    // Whether a seq_cst load of the object may tell others in which order it came: some store was not seq_cst.
    bool has_weak_stores(std::uint64_t object) const;

private:
    // Of each object, by its place, the oldest store that may still be seen.
    using View = std::vector<std::uint32_t>;
    struct Store {
        std::uint64_t value = 0;
        std::uint32_t step = 0;
        View released;  // what who acquires it sees
    };
    struct Object {
        std::uint32_t place = 0, stamp = 0;
        std::uint8_t bytes = 0;
        bool odd = false;  // also used in parts, or too large: always the latest value
        bool weak = false;
        std::uint32_t count = 0;
        std::vector<Store> stores;  // the first `count` of them
    };
    struct Thread {
        View now, at_release_fence, at_acquire_fence;
    };

    Object* find(std::uint64_t address);
    const Object* find(std::uint64_t address) const;
    View& carried(std::uint64_t object) { return carried_[object]; }
    Store& add(Object& object, std::uint64_t value, View& mine);
    void read(const trace::Operation& operation, Object& object, std::uint32_t store, Thread& mine);
    void write(const trace::Operation& operation, Object& object, Thread& mine);
    void access(const trace::Step& step);
    void fence(int order, Thread& mine);
    void synchronize(const trace::Step& step);

    std::unordered_map<std::uint64_t, Object> objects_;  // by address; kept from execution to execution
    std::unordered_map<std::uint64_t, View> carried_;    // by locks, semaphores, barriers, condition variables
    std::vector<Thread> threads_;
    Causality causality_;
    std::uint32_t step_ = 0;
    View sequential_;  // what every seq_cst operation sees
    std::uint32_t stamp_ = 0;
};

}  // namespace heddle::explore
