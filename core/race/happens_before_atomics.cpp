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
        if (objects_.size() + atomics_.size() >= most_objects_) {
            full_ = true;
            return;
        }
        found = atomics_.try_emplace(where).first;
    }
    AtomicHistory& history = found->second;
    const auto order = static_cast<MemoryOrder>(event.detail() >> 4);
    switch (event.kind()) {
        case Kind::kAtomicLoad:
        case Kind::kAtomicCompareFailed: {
            AtomicHistory::Found read = history.load(event.value);
            if (read.origin == AtomicHistory::Origin::kUnseen) {
                read.released = everything(where.space == kSharedSpace ? table_.everybody() : table_.siblings(thread));
                history.store(event.value, read.released);
            }
            take(thread, read.released, acquires(order));
            break;
        }
        case Kind::kAtomicStore:
            history.store(event.value, release_of(thread, releases(order), nullptr));
            break;
        default: {  // read-modify-writes
            const ClockRef before = history.latest();
            take(thread, before, acquires(order));
            history.store(event.value, release_of(thread, releases(order), before));
        }
    }
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
