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

void MemoryModel::begin() {
    ++stamp_;
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

MemoryModel::Thread& MemoryModel::thread(std::uint32_t number) {
    if (threads_.size() <= number) threads_.resize(number + 1);
    return threads_[number];
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

MemoryModel::Store& MemoryModel::add(Object& object, std::uint64_t value, std::uint32_t number) {
    if (object.stores.size() == object.count) object.stores.emplace_back();
    Store& store = object.stores[object.count++];
    store.value = value;
    store.released.clear();
    see(thread(number).now, object.place, object.count - 1);
    return store;
}

void MemoryModel::read(const Operation& operation, Object& object, std::uint32_t store, Thread& mine) {
    const int order = order_of(operation);
    see(mine.now, object.place, store);
    join(acquires(order) ? mine.now : mine.at_acquire_fence, object.stores[store].released);
    if (order == kSequential) see(sequential_, object.place, store);
}

void MemoryModel::write(const Operation& operation, Object& object, Thread& mine, std::uint32_t number) {
    const int order = order_of(operation);
    Store& store = add(object, operation.value, number);
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
    Thread& mine = thread(step.thread);
    if (!is_atomic(operation)) {
        if (operation.kind == OperationKind::kWrite) {
            add(*object, operation.value, step.thread);
        } else {
            see(mine.now, object->place, object->count - 1);
        }
        return;
    }
    if (operation.kind != OperationKind::kWrite) read(operation, *object, object->count - 1 - step.choice, mine);
    if (writes(operation)) write(operation, *object, mine, step.thread);
}

void MemoryModel::fence(int order, Thread& mine) {
    if (acquires(order)) join(mine.now, mine.at_acquire_fence);
    if (order == kSequential) {
        join(mine.now, sequential_);
        sequential_ = mine.now;
    }
    if (releases(order)) mine.at_release_fence = mine.now;
}

void MemoryModel::synchronize(const trace::Step& step) {
    using K = OperationKind;
    const Operation& operation = step.operation;
    const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
    const bool names_a_thread = operation.object < trace::kMostFibers;
    if ((operation.kind == K::kCreate || operation.kind == K::kJoin) && names_a_thread) {
        thread(static_cast<std::uint32_t>(operation.object));  // has room
    }
    View& mine = thread(step.thread).now;
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
        case K::kFence:
            fence(order_of(operation), thread(step.thread));
            break;
        default:
            break;
    }
}

void MemoryModel::take(const trace::Step& step) {
    if (trace::is_access(step.operation.kind)) {
        access(step);
    } else {
        synchronize(step);
    }
}

std::uint32_t MemoryModel::choices(std::uint32_t number, const Operation& load) const {
    const Object* const object = find(load.object);
    if (object == nullptr || object->odd || (!object->weak && order_of(load) == kSequential)) return 1;
    std::uint32_t oldest = number < threads_.size() ? seen(threads_[number].now, object->place) : 0;
    if (order_of(load) == kSequential) oldest = std::max(oldest, seen(sequential_, object->place));
    return object->count - oldest;
}

std::uint32_t MemoryModel::latest(std::uint64_t address) const {
    const Object* const object = find(address);
    return object != nullptr ? object->count - 1 : 0;
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
