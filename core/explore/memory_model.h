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
#include <unordered_map>
#include <vector>

#include "core/trace/board.h"

namespace heddle::explore {

class MemoryModel {
public:
    // Forgets what was done: another execution.
    void begin();
    // Before each access to an atomic object is done: what is in memory.
    void meet(const trace::Operation& access, std::uint64_t in_memory);
    // A step that is done, with its value.
    void take(const trace::Step& step);

    // In how many ways this load can come out now: it may return the latest store, or so many before it.
    std::uint32_t choices(std::uint32_t thread, const trace::Operation& load) const;
    // Counted from the first: the value before any store is number 0.
    std::uint32_t latest(std::uint64_t object) const;
    std::uint64_t value(std::uint64_t object, std::uint32_t store) const;
    // Whether a seq_cst load of the object may tell others in which order it came: some store was not seq_cst.
    bool has_weak_stores(std::uint64_t object) const;

private:
    // Of each object, by its place, the oldest store that may still be seen.
    using View = std::vector<std::uint32_t>;
    struct Store {
        std::uint64_t value = 0;
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
    Thread& thread(std::uint32_t number);
    View& carried(std::uint64_t object) { return carried_[object]; }
    Store& add(Object& object, std::uint64_t value, std::uint32_t thread);
    void read(const trace::Operation& operation, Object& object, std::uint32_t store, Thread& mine);
    void write(const trace::Operation& operation, Object& object, Thread& mine, std::uint32_t thread);
    void access(const trace::Step& step);
    void fence(int order, Thread& mine);
    void synchronize(const trace::Step& step);

    std::unordered_map<std::uint64_t, Object> objects_;  // by address; kept from execution to execution
    std::unordered_map<std::uint64_t, View> carried_;    // by locks, semaphores, barriers, condition variables
    std::vector<Thread> threads_;
    View sequential_;  // what every seq_cst operation sees
    std::uint32_t stamp_ = 0;
};

}  // namespace heddle::explore
