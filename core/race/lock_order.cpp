#include "core/race/lock_order.h"

#include <algorithm>

namespace heddle::race {

using trace::CallId;
using trace::Kind;
using trace::LockMode;

namespace {

LockMode waits_for_ever(CallId call) {
    switch (call) {
        case CallId::kMutexLock:
        case CallId::kRwlockWriteLock:
        case CallId::kSpinLock:
        case CallId::kGuardAcquire:
            return LockMode::kExclusive;
        case CallId::kRwlockReadLock:
            return LockMode::kShared;
        default:
            return LockMode::kNone;
    }
}

bool gives_back(CallId call) {
    return call == CallId::kMutexUnlock || call == CallId::kRwlockUnlock || call == CallId::kSpinUnlock ||
           call == CallId::kGuardRelease || call == CallId::kGuardAbort;
}

bool waits_on_condition(CallId call) {
    return call == CallId::kCondWait || call == CallId::kCondTimedWait;
}

}  // namespace

void LockOrder::add(const trace::PackedEvent& event, std::uint64_t index, std::span<const trace::ThreadInfo> threads) {
    const Kind kind = event.kind();
    if (kind <= Kind::kFunctionExit && kind != Kind::kNone) return;  // accesses, fences, functions: the most of a log
    lifetimes_.add(event, threads);
    if (!lifetimes_.knows(trace::ThreadIndex{event.thread})) return;
    if (threads_.size() <= event.thread) threads_.resize(event.thread + std::size_t{1});
    Thread& thread = threads_[event.thread];
    if (kind == Kind::kCallBegin) begin(thread, event, index);
    if (kind == Kind::kCallEnd) end(thread, event, index);
    if (kind == Kind::kProcessStart) thread.held.clear(), thread.depth.clear();
}

LockUse LockOrder::use(const trace::PackedEvent& event, std::uint64_t address, std::uint64_t index, bool exclusive) const {
    return {lifetimes_.place(trace::ThreadIndex{event.thread}, address), address, index, event.pc(), exclusive};
}

void LockOrder::begin(Thread& thread, const trace::PackedEvent& event, std::uint64_t index) {
    const auto call = static_cast<CallId>(event.detail());
    const trace::ThreadIndex who{event.thread};
    if (const LockMode asks = waits_for_ever(call); asks != LockMode::kNone)
        ask(thread, who, use(event, event.address, index, asks == LockMode::kExclusive));
    if (waits_on_condition(call) && event.value != 0) {
        const LockUse mutex = use(event, event.value, index, true);
        thread.waits_with = event.value;
        give_back(thread, mutex.lock);
        ask(thread, who, mutex);
    }
}

void LockOrder::end(Thread& thread, const trace::PackedEvent& event, std::uint64_t index) {
    const auto call = static_cast<CallId>(event.detail());
    const auto result = static_cast<std::int64_t>(event.value);
    if (waits_on_condition(call) && thread.waits_with != 0) {  // whatever the result, the mutex is held again
        take(thread, use(event, thread.waits_with, index, true));
        thread.waits_with = 0;
    }
    if (result < 0 && result != kOwnerDied) return;
    if (const LockMode asks = lock_taken_by(call); asks != LockMode::kNone)
        take(thread, use(event, event.address, index, asks == LockMode::kExclusive));
    if (call == CallId::kGuardAcquire && result > 0) take(thread, use(event, event.address, index, true));
    if (gives_back(call)) give_back(thread, use(event, event.address, index, true).lock);
}

void LockOrder::ask(Thread& thread, trace::ThreadIndex who, const LockUse& wanted) {
    if (thread.held.empty()) return;
    const VectorClock& now = lifetimes_.clock(who);
    if (!thread.past || !thread.past->covers(now)) thread.past = std::make_shared<const VectorClock>(now);
    graph_.add({who, wanted, thread.held, lifetimes_.epoch(who), thread.past});
}

void LockOrder::take(Thread& thread, const LockUse& got) {
    constexpr std::size_t kMostHeld = 64;  // more: ends of unlocks were lost
    for (std::size_t i = 0; i < thread.held.size(); ++i) {
        if (thread.held[i].lock != got.lock) continue;
        ++thread.depth[i];
        return;
    }
    if (thread.held.size() == kMostHeld) {
        thread.held.erase(thread.held.begin());
        thread.depth.erase(thread.depth.begin());
    }
    thread.held.push_back(got);
    thread.depth.push_back(1);
}

void LockOrder::give_back(Thread& thread, const Place& lock) {
    for (std::size_t i = thread.held.size(); i-- > 0;) {
        if (thread.held[i].lock != lock) continue;
        if (--thread.depth[i] > 0) return;
        thread.held.erase(thread.held.begin() + static_cast<std::ptrdiff_t>(i));
        thread.depth.erase(thread.depth.begin() + static_cast<std::ptrdiff_t>(i));
        return;
    }
}

LockGraph::Found LockOrder::find() const {
    return graph_.find();
}

std::span<const LockUse> LockOrder::held(trace::ThreadIndex thread) const {
    return thread.value < threads_.size() ? std::span<const LockUse>(threads_[thread.value].held) : std::span<const LockUse>{};
}

}  // namespace heddle::race
