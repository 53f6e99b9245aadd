// What atomics and fences order (C++20 [atomics.order], [atomics.fences]): release sequences go on through read-modify-writes
// of any thread and any order, and end with the next plain store.
#include <utility>

#include "core/race/happens_before.h"

namespace heddle::race {

using trace::Kind;
using trace::MemoryOrder;

namespace {

bool acquires(MemoryOrder order) {
    return order != MemoryOrder::kRelaxed && order != MemoryOrder::kRelease;
}

bool releases(MemoryOrder order) {
    return order == MemoryOrder::kRelease || order >= MemoryOrder::kAcquireRelease;
}

}  // namespace

// A failed compare-and-swap is a load. The order it may have been given for failure is not recorded; it is taken to acquire
// when the one for success does.
void HappensBefore::atomic(std::uint32_t thread, const trace::PackedEvent& event) {
    const Place where = place(trace::ThreadIndex{thread}, event.address);
    auto found = atomics_.find(where);
    if (found == atomics_.end()) {
        if (objects_.size() + atomics_.size() >= options_.most_objects) {
            full_ = true;
            return;
        }
        found = atomics_.try_emplace(where).first;
    }
    AtomicHistory& history = found->second;
    const auto order = static_cast<MemoryOrder>(trace::order_of_detail(event.detail()));
    switch (event.kind()) {
        case Kind::kAtomicLoad:
        case Kind::kAtomicCompareFailed: {
            AtomicHistory::Found read = history.load(thread, event.value);
            if (read.origin == AtomicHistory::Origin::kUnseen) {
                read.released = everyone(where, thread);
                history.learn(thread, event.value, read.released);
            }
            take(thread, read.released, acquires(order));
            if (read.origin != AtomicHistory::Origin::kStore && read.origin != AtomicHistory::Origin::kInitial)
                history.follow({thread, acquires(order), false, event.value, event.nanoseconds});
            break;
        }
        case Kind::kAtomicStore:
            stored(thread, event, history, release_of(thread, releases(order), nullptr));
            break;
        default: {  // read-modify-writes
            const ClockRef before = history.latest();
            take(thread, before, acquires(order));
            stored(thread, event, history, release_of(thread, releases(order), before));
            history.follow({thread, acquires(order), true, event.value, event.nanoseconds});
        }
    }
}

// The library's store, which has no hook: the compiler's check of the guard's first byte, which has one, acquires from it.
void HappensBefore::guard_released(std::uint32_t thread, std::uint64_t address) {
    const Place where = place(trace::ThreadIndex{thread}, address);
    if (!atomics_.contains(where) && objects_.size() + atomics_.size() >= options_.most_objects) {
        full_ = true;
        return;
    }
    atomics_[where].store(thread, 1, publish(thread));
}

void HappensBefore::stored(std::uint32_t thread, const trace::PackedEvent& event, AtomicHistory& history,
                           const ClockRef& released) {
    if (released && options_.stamp_slack.count() > 0) {
        history.for_each_follower(thread, event.value, event.nanoseconds - options_.stamp_slack.count(),
                                  [&](const AtomicHistory::Follower& each) { take(each.thread, released, each.acquires); });
    }
    history.store(thread, event.value, released);
}

// The futex word of code without hooks, whose waiters go on without any hooked load: whoever wrote it may have
// been anybody.
void HappensBefore::futex_waited(std::uint32_t thread, std::uint64_t address) {
    const Place where = place(trace::ThreadIndex{thread}, address);
    const auto found = atomics_.find(where);
    if (found != atomics_.end() && found->second.stored_by_hooks()) return;
    at(thread).now.join(*everyone(where, thread));
}

// Published by every thread that can write there.
ClockRef HappensBefore::everyone(const Place& where, std::uint32_t thread) {
    return everything(where.space == kSharedSpace ? table_.everybody() : table_.siblings(thread));
}

void HappensBefore::take(std::uint32_t thread, const ClockRef& released, bool acquires) {
    if (!released) return;
    (acquires ? at(thread).now : at(thread).loaded).join(*released);
}

// What the store releases: the thread's past, or (relaxed) its past at its last release fence; and what the release sequence
// that it continues released.
ClockRef HappensBefore::release_of(std::uint32_t thread, bool releases, const ClockRef& continued) {
    ClockRef own = releases ? publish(thread) : at(thread).fenced;
    if (!continued || own == continued) return own;
    if (!own) return continued;
    if (own->covers(*continued)) return own;
    auto both = std::make_shared<VectorClock>(*own);
    both->join(*continued);
    return both;
}

void HappensBefore::fence(std::uint32_t thread, MemoryOrder order) {
    ThreadClock& clock = at(thread);
    if (acquires(order)) clock.now.join(clock.loaded);
    if (releases(order)) clock.fenced = publish(thread);
}

}  // namespace heddle::race
