#include "core/model/lock_folding.h"

#include <algorithm>
#include <utility>

#include "core/model/wait_cause.h"
#include "core/race/happens_before.h"

namespace heddle::model {

using trace::CallId;

namespace {

bool is_guard(CallId call) {
    return call >= CallId::kGuardAcquire && call <= CallId::kGuardAbort;
}
bool is_once(CallId call) {
    return call == CallId::kOnce || call == CallId::kOnceRuns || call == CallId::kOnceLeft;
}

SyncKind kind_of(CallId call) {
    if (call >= CallId::kRwlockInit && call <= CallId::kRwlockUnlock) return SyncKind::kReadWrite;
    if (call >= CallId::kSpinInit && call <= CallId::kSpinUnlock) return SyncKind::kSpin;
    if (call >= CallId::kCondInit && call <= CallId::kCondBroadcast) return SyncKind::kCondition;
    if (call >= CallId::kBarrierInit && call <= CallId::kBarrierWait) return SyncKind::kBarrier;
    if (call >= CallId::kSemInit && call <= CallId::kSemPost) return SyncKind::kSemaphore;
    if (is_once(call) || is_guard(call)) return SyncKind::kOnce;
    if (call == CallId::kFutexWait || call == CallId::kFutexWake) return SyncKind::kFutex;
    return SyncKind::kMutex;
}

void own(LockWorld& lock, Number thread) {
    if (lock.owner == thread) {
        ++lock.depth;
    } else {
        lock.owner = thread;
        lock.depth = 1;
    }
}

// A thread that lets go may say so only after another one has said that it got the lock: then there is nothing left to do.
void release(LockWorld& lock, Number thread) {
    if (lock.owner != thread || --lock.depth > 0) return;
    lock.owner = kNobody;
    lock.depth = 0;
}

void round_is_complete(LockWorld& barrier) {
    barrier.leaving.insert(barrier.leaving.end(), barrier.waiters.begin(), barrier.waiters.end());
    barrier.waiters.clear();
    ++barrier.rounds;
}

void leave_barrier(LockWorld& barrier, Number thread) {
    const bool waits = std::find(barrier.waiters.begin(), barrier.waiters.end(), thread) != barrier.waiters.end();
    if (waits) round_is_complete(barrier);  // of an unknown number
    std::erase(barrier.leaving, thread);
}

void leave_read_write_lock(LockWorld& lock, Number thread) {
    const auto reader = std::find(lock.readers.begin(), lock.readers.end(), thread);
    if (reader != lock.readers.end()) {
        lock.readers.erase(reader);
    } else {
        release(lock, thread);
    }
}

}  // namespace

bool is_sync(CallId call, std::uint64_t object) {
    return object != 0 && ((call >= CallId::kMutexInit && call <= CallId::kFutexWake) || is_guard(call) || is_once(call));
}

void lock_begins(Locks& locks, Number thread, const trace::CallBegin& call) {
    LockWorld& lock = locks[call.object];
    lock.kind = kind_of(call.call);
    switch (call.call) {
        case CallId::kCondWait:
        case CallId::kCondTimedWait:
            lock.mutex = call.argument;
            if (call.argument) release(locks[call.argument], thread);
            break;
        case CallId::kSemInit:
            lock.permits = static_cast<std::int64_t>(call.argument);
            break;
        case CallId::kOnce:
            if (lock.done) return;
            if (lock.owner == kNobody) return own(lock, thread);
            break;
        default:
            break;
    }
    if (cause_of_call(call.call) == Cause::kNone) return;
    std::erase(lock.waiters, thread);
    lock.waiters.push_back(thread);
    if (lock.kind == SyncKind::kBarrier && lock.parties != 0 && lock.waiters.size() >= lock.parties) round_is_complete(lock);
}

void lock_ends(Locks& locks, Number thread, const trace::CallEnd& call, const OpenCall& begun) {
    LockWorld& lock = locks[call.object];
    lock.kind = kind_of(call.call);
    if (call.call == CallId::kBarrierWait) return leave_barrier(lock, thread);
    std::erase(lock.waiters, thread);
    // Whatever the result of the waiting, the mutex is held again.
    if ((call.call == CallId::kCondWait || call.call == CallId::kCondTimedWait) && begun.argument)
        own(locks[begun.argument], thread);
    if (call.result < 0 && call.result != race::kOwnerDied) return;
    const trace::LockMode mode = trace::lock_taken_by(call.call);
    if (mode == trace::LockMode::kExclusive) return own(lock, thread);
    if (mode == trace::LockMode::kShared) return lock.readers.push_back(thread);
    switch (call.call) {
        case CallId::kMutexUnlock:
        case CallId::kSpinUnlock:
            return release(lock, thread);
        case CallId::kRwlockUnlock:
            return leave_read_write_lock(lock, thread);
        case CallId::kOnce:
            if (lock.owner == thread) lock.done = true;
            return release(lock, thread);
        case CallId::kOnceRuns:
            lock.owner = thread;
            lock.depth = 1;
            lock.done = false;
            return;
        case CallId::kGuardAcquire:
            if (call.result > 0) own(lock, thread);
            return;
        case CallId::kGuardRelease:
            lock.done = true;
            return release(lock, thread);
        case CallId::kOnceLeft:
        case CallId::kGuardAbort:
            return release(lock, thread);
        case CallId::kBarrierInit:
            lock = {};
            lock.kind = SyncKind::kBarrier;
            lock.parties = static_cast<std::uint32_t>(begun.argument);
            return;
        case CallId::kSemOpen:  // of one that was there already the permits are not known
        case CallId::kSemInit:
            if (begun.call == call.call && (begun.argument > 0 || call.call == CallId::kSemInit))
                lock.permits = static_cast<std::int64_t>(begun.argument);
            return;
        case CallId::kSemWait:
        case CallId::kSemTryWait:
        case CallId::kSemTimedWait:
            if (lock.permits) --*lock.permits;
            return;
        case CallId::kSemPost:
            if (lock.permits) ++*lock.permits;
            return;
        case CallId::kMutexDestroy:
        case CallId::kRwlockDestroy:
        case CallId::kSpinDestroy:
        case CallId::kCondDestroy:
        case CallId::kBarrierDestroy:
        case CallId::kSemDestroy:
            locks.erase(call.object);
            return;
        default:
            return;
    }
}

void inherit_locks(Locks& locks, const trace::SharedMappings& shared, Number parent, Number child) {
    for (auto& [address, lock] : locks) {
        if (shared.find(address)) continue;
        if (lock.owner == parent) lock.owner = child;
        std::replace(lock.readers.begin(), lock.readers.end(), parent, child);
        lock.waiters.clear();
        lock.leaving.clear();
    }
}

}  // namespace heddle::model
