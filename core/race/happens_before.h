// HappensBefore: every thread's vector clock after the events so far, as C++20 ([intro.races]) and POSIX (XBD 4.12) order them:
//   create -> start, end -> join, fork -> child, a process's end -> the wait that reaps it;
//   unlock -> lock (mutex, spin lock, read-write lock: readers do not order each other; a static variable's guard); barrier: every arrival -> every
//   departure; once: the routine -> every return, one that an exception left -> the next; semaphore: every post so far -> a
//   wait (more than the one that enabled it: hides a race at worst); release -> acquire by atomics and fences (atomic_history.h); a message -> its reception.
// No order comes from: a signal of a condition variable (only its mutex orders), a futex (the atomics around it order, where
// they have hooks), a failed trylock, relaxed atomics, the single total order of seq_cst (acquire and release already give its
// happens-before), time.
//
// A call that releases takes effect between its begin and its end, so it publishes at its begin; one that acquires does so at
// its end, on success. The runtime stamps what acquires no earlier than it happened, and what releases no later. But a
// read-modify-write may do both and has one stamp, after it: up to 250 ns too late were seen, with nobody stopped in between.
// What followed it may stand in front of it in the log and gets its past when it comes (atomic_history.h). Locks and semaphores
// put up with the same in older recordings: who takes what another holds by the log takes over that holder's present.
//
// Where what happened cannot be known (records were lost; an atomic has a value that no hooked store wrote; a futex that none
// wrote) everything before is taken to happen before everything after: better a race unseen than an innocent program accused.
// Trusts no event. Used by one thread at a time; makes no system calls.
#pragma once

#include <cerrno>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/race/atomic_history.h"
#include "core/race/place.h"
#include "core/race/thread_table.h"
#include "core/race/vector_clock.h"
#include "core/trace/event.h"

namespace heddle::race {

inline constexpr std::int64_t kOwnerDied = -EOWNERDEAD;  // a lock's result: a robust mutex was taken all the same

enum class Edges : std::uint8_t {
    kAll,
    kLifetimes,  // only create, join, fork and wait: what holds under any schedule
};

// By how much a read-modify-write's stamp may be late where threads ran at once. Zero where one ran at a time (Step, Explore): their order is
// exact, and their events may lie closer together than this.
inline constexpr Nanoseconds kStampSlack{300};

struct OrderOptions {
    Edges edges = Edges::kAll;
    SharedMemory shared;                              // empty: no memory is shared between processes
    std::size_t most_objects = std::size_t{1} << 18;  // locks and atomics together
    Nanoseconds stamp_slack = kStampSlack;
};

class HappensBefore {
public:
    explicit HappensBefore(OrderOptions options = {});

    void add(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads) {
        if (event.kind() <= trace::Kind::kVptrWrite && table_.knows(event.thread)) {  // a plain access orders nothing
            ++clocks_[event.thread].hooks;
        } else {
            add_ordering(event, threads);
        }
    }
    // What a thread put into a pipe, socket or queue, and took out again. `object` is the caller's name for the channel. Call
    // sent at the begin of the writing call, received at the end of the reading one. Unknown threads are ignored.
    void message_sent(trace::ThreadIndex sender, std::uint64_t object);
    void message_received(trace::ThreadIndex receiver, std::uint64_t object);

    bool knows(trace::ThreadIndex thread) const { return table_.knows(thread.value); }
    const VectorClock& clock(trace::ThreadIndex thread) const { return clocks_[thread.value].now; }  // knows(thread)
    Epoch epoch(trace::ThreadIndex thread) const { return {thread.value, knows(thread) ? clock(thread).of(thread.value) : 1}; }
    const ThreadTable& threads() const { return table_; }
    Place place(trace::ThreadIndex thread, std::uint64_t address) const;  // knows(thread)
    void forget(const Place& first, std::uint64_t bytes);                 // the objects that lay there: the memory is used anew
    bool full() const { return full_; }  // an object found no room: what is said from now on would be wrong

private:
    static constexpr std::int64_t kNobody = -1;
    struct OpenCall {
        trace::CallId call{};
        std::uint64_t object = 0, argument = 0;
        std::uint64_t hooks = 0;  // of the thread, at the begin
        ClockRef before{};        // create, fork: what the child inherits
        std::shared_ptr<struct BarrierRound> round{};
    };
    struct Child {
        std::int32_t id;  // tid, or pid of a process
        ClockRef past;
    };
    struct ThreadClock {
        VectorClock now;
        VectorClock loaded;       // by relaxed loads: an acquire fence takes it over
        ClockRef fenced;          // the past at the last release fence
        std::uint64_t hooks = 0;  // hook events so far
        bool born = false;        // its creator's past is in `now`, exactly
        std::vector<OpenCall> open;
        std::vector<Child> children;  // created, not started yet
    };
    struct Waiter {
        std::uint32_t thread;
        std::int64_t time;
    };
    struct Object {  // a lock, barrier, once or semaphore
        VectorClock released, readers;
        std::int64_t writer = kNobody;        // thread that holds it exclusively
        std::vector<std::uint32_t> reading;   // threads that hold it as readers
        std::optional<std::int64_t> permits;  // of a semaphore, where known; below 0: as many waits were logged too early
        std::vector<Waiter> early;            // those waits; where permits are not known: the latest
        bool once_done = false;
        std::shared_ptr<BarrierRound> round;
    };

    void add_ordering(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads);
    ThreadClock& at(std::uint32_t thread) { return clocks_[thread]; }
    VectorClock& publish(std::uint32_t thread, VectorClock& into);
    ClockRef publish(std::uint32_t thread);
    ClockRef everything(std::span<const std::uint32_t> threads);  // published by each of them
    Object* object(std::uint32_t thread, std::uint64_t address);  // null: no room

    // happens_before_births.cpp
    void kernel_fork(std::uint32_t child, const trace::PackedEvent& event);
    void process_start(std::uint32_t child, const trace::PackedEvent& event);
    void thread_start(std::uint32_t child, const trace::PackedEvent& event);
    bool inherit(std::uint32_t child, std::uint32_t parent);
    void joined(std::uint32_t joiner, std::uint64_t handle);
    void process_waited(std::uint32_t waiter, std::int64_t pid);
    void lost();

    // happens_before_calls.cpp
    void call_begin(std::uint32_t thread, trace::CallId call, std::uint64_t address, std::uint64_t argument);
    void call_end(std::uint32_t thread, trace::CallId call, std::uint64_t address, std::int64_t result);
    void lock_begin(std::uint32_t thread, OpenCall& call);
    void lock_end(std::uint32_t thread, trace::CallId call, std::uint64_t address, std::int64_t result, const OpenCall& begun);
    void lock(std::uint32_t thread, std::uint64_t address, bool exclusive);
    void unlock(std::uint32_t thread, std::uint64_t address);
    void wait(std::uint32_t thread, std::uint64_t address);
    void post(std::uint32_t thread, std::uint64_t address);
    void guard_released(std::uint32_t thread, std::uint64_t address);
    void once_returns(std::uint32_t thread, std::uint64_t address, const OpenCall& begun);

    // happens_before_atomics.cpp
    void atomic(std::uint32_t thread, const trace::PackedEvent& event);
    void fence(std::uint32_t thread, trace::MemoryOrder order);
    void stored(std::uint32_t thread, const trace::PackedEvent& event, AtomicHistory& history, const ClockRef& released);
    void futex_waited(std::uint32_t thread, std::uint64_t address);
    ClockRef everyone(const Place& where, std::uint32_t thread);
    void take(std::uint32_t thread, const ClockRef& released, bool acquires);
    ClockRef release_of(std::uint32_t thread, bool releases, const ClockRef& continued);

    OrderOptions options_;
    ThreadTable table_;
    std::vector<ThreadClock> clocks_;
    std::map<Place, Object> objects_;
    std::map<Place, AtomicHistory> atomics_;
    std::unordered_map<std::uint64_t, VectorClock> messages_;
    std::int64_t now_ = 0;  // time of the event being added
    bool full_ = false;
};

// One use of a barrier: whoever arrives after somebody left belongs to the next.
struct BarrierRound {
    VectorClock arrived;
    bool departed = false;
};

}  // namespace heddle::race
