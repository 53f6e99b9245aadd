#include "core/explore/memory_model.h"

#include <algorithm>

#include "core/explore/memory_order.h"

namespace heddle::explore {
namespace {

using trace::Operation;
using trace::OperationKind;
using View = std::vector<std::uint32_t>;

void join(View& into, const View& other) {
    if (into.size() < other.size()) into.resize(other.size(), 0);
    for (std::size_t i = 0; i < other.size(); ++i) into[i] = std::max(into[i], other[i]);
}

std::uint32_t seen(const View& view, std::uint32_t place) {
    return place < view.size() ? view[place] : 0;
}

void see(View& view, std::uint32_t place, std::uint32_t store) {
    if (view.size() <= place) view.resize(place + 1, 0);
    view[place] = std::max(view[place], store);
}

}  // namespace

void MemoryModel::begin(std::uint32_t threads) {
    ++stamp_;
    causality_.begin(threads, true, false);
    threads_.resize(threads);
    carried_.clear();
    sequential_.clear();
    for (Thread& each : threads_) {
        each.now.clear();
        each.at_release_fence.clear();
        each.at_acquire_fence.clear();
    }
}

MemoryModel::Object* MemoryModel::find(std::uint64_t address) {
    const auto found = objects_.find(address);
    return found != objects_.end() && found->second.stamp == stamp_ ? &found->second : nullptr;
}
const MemoryModel::Object* MemoryModel::find(std::uint64_t address) const {
    const auto found = objects_.find(address);
    return found != objects_.end() && found->second.stamp == stamp_ ? &found->second : nullptr;
}

void MemoryModel::meet(const Operation& access, std::uint64_t in_memory) {
    const auto [found, fresh] = objects_.try_emplace(access.object);
    Object& object = found->second;
    if (fresh) object.place = static_cast<std::uint32_t>(objects_.size() - 1);
    if (object.stamp != stamp_) {
        object.stamp = stamp_;
        object.bytes = access.bytes;
        object.odd = access.bytes > 8;
        object.weak = false;
        object.count = 1;
        if (object.stores.empty()) object.stores.emplace_back();
        object.stores[0].released.clear();
    }
    object.odd = object.odd || object.bytes != access.bytes;
    object.stores[object.count - 1].value = in_memory;  // written since by code without hooks, perhaps
}

MemoryModel::Store& MemoryModel::add(Object& object, std::uint64_t value, View& mine) {
    if (object.stores.size() == object.count) object.stores.emplace_back();
    Store& store = object.stores[object.count++];
    store.value = value;
    store.step = step_;
    store.released.clear();
    see(mine, object.place, object.count - 1);
    return store;
}

void MemoryModel::read(const Operation& operation, Object& object, std::uint32_t store, Thread& mine) {
    const int order = order_of(operation);
    see(mine.now, object.place, store);
    join(acquires(order) ? mine.now : mine.at_acquire_fence, object.stores[store].released);
    if (order == kSequential) see(sequential_, object.place, store);
}

void MemoryModel::write(const Operation& operation, Object& object, Thread& mine) {
    const int order = order_of(operation);
    Store& store = add(object, operation.value, mine.now);
    store.released = releases(order) ? mine.now : mine.at_release_fence;
    // A read-modify-write goes on with the release sequence.
    if (operation.kind == OperationKind::kUpdate) join(store.released, object.stores[object.count - 2].released);
    if (order == kSequential) {
        see(sequential_, object.place, object.count - 1);
    } else {
        object.weak = true;
    }
}

void MemoryModel::access(const trace::Step& step) {
    const Operation& operation = step.operation;
    Object* const object = find(operation.object);
    if (object == nullptr) return;
    Thread& mine = threads_[step.thread];
    if (!is_atomic(operation)) {
        if (operation.kind == OperationKind::kWrite) {
            add(*object, operation.value, mine.now);
        } else {
            see(mine.now, object->place, object->count - 1);
        }
        return;
    }
    if (operation.kind != OperationKind::kWrite) read(operation, *object, object->count - 1 - operation.older, mine);
    if (writes(operation)) write(operation, *object, mine);
}

void MemoryModel::fence(int order, Thread& mine) {
    if (acquires(order)) join(mine.now, mine.at_acquire_fence);
    if (order == kSequential) {
        join(mine.now, sequential_);
        sequential_ = mine.now;
    }
    if (releases(order)) mine.at_release_fence = mine.now;
}

namespace {

// No address of a lock.
constexpr std::uint64_t channel_place(std::uint64_t channel) {
    return channel | std::uint64_t{1} << 63;
}

}  // namespace

void MemoryModel::synchronize(const trace::Step& step) {
    using K = OperationKind;
    const Operation& operation = step.operation;
    const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
    const bool names_a_thread = operation.object < threads_.size();
    View& mine = threads_[step.thread].now;
    switch (operation.kind) {
        case K::kCreate:
            if (names_a_thread) join(threads_[operation.object].now, mine);
            break;
        case K::kJoin:
            if (names_a_thread) join(mine, threads_[operation.object].now);
            break;
        case K::kLock:
        case K::kReadLock:
        case K::kTryLock:
        case K::kTryReadLock:
        case K::kAcquirePermit:
        case K::kTryAcquirePermit:
        case K::kLeave:
            if (!failed) join(mine, carried(operation.object));
            if (const std::uint64_t other = trace::lets_go_of(operation); other != 0) join(carried(other), mine);
            break;
        case K::kUnlock:
        case K::kReleasePermit:
        case K::kArrive:
            join(carried(operation.object), mine);
            break;
        case K::kWait:
        case K::kTimedWait:
            join(carried(operation.second), mine);
            break;
        case K::kReceive:
            if (!failed) join(mine, carried(channel_place(operation.second)));
            break;
        case K::kSend:
            join(carried(channel_place(operation.second)), mine);
            break;
        case K::kClose:
            join(carried(channel_place(operation.second)), mine);
            join(carried(channel_place(operation.second ^ 1)), mine);
            break;
        case K::kFence:
            fence(order_of(operation), threads_[step.thread]);
            break;
        default:
            break;
    }
}

void MemoryModel::take(std::span<const trace::Step> steps) {
    step_ = static_cast<std::uint32_t>(steps.size() - 1);
    causality_.take(steps);
    if (trace::is_access(steps.back().operation.kind)) {
        access(steps.back());
    } else {
        synchronize(steps.back());
    }
}

MemoryModel::Readable MemoryModel::readable(std::uint32_t number, const Operation& load) const {
    Readable readable;
    const Object* const object = find(load.object);
    if (object == nullptr) return readable;
    readable.latest = readable.first = readable.last = object->count - 1;
    const bool sequential = order_of(load) == kSequential;
    if (object->odd || (!object->weak && sequential)) return readable;
    readable.first = seen(threads_[number].now, object->place);
    if (sequential) readable.first = std::max(readable.first, seen(sequential_, object->place));
    // Unless the thread's past has a later store in it, the load could have come before that. What a seq_cst load or one that
    // ends a spin could have come before is not so easily told.
    readable.last = readable.latest;
    const bool moves = !sequential && (load.flags & trace::operation_flags::kSpun) == 0;
    while (moves && readable.last > readable.first && !causality_.before_next(object->stores[readable.last].step, number)) {
        --readable.last;
    }
    return readable;
}

std::uint64_t MemoryModel::value(std::uint64_t address, std::uint32_t store) const {
    const Object* const object = find(address);
    return object != nullptr && store < object->count ? object->stores[store].value : 0;
}

bool MemoryModel::has_weak_stores(std::uint64_t address) const {
    const Object* const object = find(address);
    return object != nullptr && object->weak;
}

}  // namespace heddle::explore
