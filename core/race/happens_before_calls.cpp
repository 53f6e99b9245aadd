// What library calls order: locks, barriers, once, semaphores; and which calls are open.
#include <algorithm>
#include <utility>

#include "core/race/happens_before.h"

namespace heddle::race {

using trace::CallId;

namespace {

constexpr std::size_t kMostOpenCalls = 16;   // deeper: ends were lost, the oldest are over
constexpr std::size_t kMostEarly = 16;       // waits of one semaphore that may have been logged too early
constexpr std::size_t kMostReading = 256;    // of one lock at once
constexpr std::size_t kMostChildren = 1024;  // created and never seen to start: the oldest never will be

bool orders_lifetimes(CallId call) {
    return call == CallId::kThreadCreate || call == CallId::kThreadJoin || call == CallId::kFork || call == CallId::kVfork ||
           call == CallId::kSpawn || call == CallId::kWait;
}

bool orders_by_object(CallId call) {
    return (call >= CallId::kMutexInit && call <= CallId::kSemPost) ||
           (call >= CallId::kGuardAcquire && call <= CallId::kGuardAbort) || call == CallId::kOnceRuns ||
           call == CallId::kOnceLeft;
}

bool makes_object_anew(CallId call) {
    switch (call) {
        case CallId::kMutexInit:
        case CallId::kMutexDestroy:
        case CallId::kRwlockInit:
        case CallId::kRwlockDestroy:
        case CallId::kSpinInit:
        case CallId::kSpinDestroy:
        case CallId::kBarrierDestroy:
        case CallId::kSemInit:
        case CallId::kSemDestroy:
            return true;
        default:
            return false;
    }
}

}  // namespace

void HappensBefore::call_begin(std::uint32_t thread, CallId call, std::uint64_t address, std::uint64_t argument) {
    if (!orders_lifetimes(call) && !(orders_by_object(call) && options_.edges == Edges::kAll)) return;
    auto& open = at(thread).open;
    if (open.size() == kMostOpenCalls) open.erase(open.begin());
    open.push_back({.call = call, .object = address, .argument = argument, .hooks = at(thread).hooks});
    if (orders_by_object(call)) {
        lock_begin(thread, open.back());
    } else if (call != CallId::kThreadJoin && call != CallId::kWait) {
        open.back().before = publish(thread);
    }
}

void HappensBefore::call_end(std::uint32_t thread, CallId call, std::uint64_t address, std::int64_t result) {
    if (call == CallId::kFutexWait && options_.edges == Edges::kAll) return futex_waited(thread, address);
    if (!orders_lifetimes(call) && !(orders_by_object(call) && options_.edges == Edges::kAll)) return;
    OpenCall begun;
    auto& open = at(thread).open;
    for (std::size_t i = open.size(); i-- > 0;) {
        if (open[i].call != trace::begun_as(call)) continue;
        begun = std::move(open[i]);
        open.resize(i);
        break;
    }
    if (orders_by_object(call)) {
        lock_end(thread, call, address, result, begun);
    } else if (call == CallId::kThreadJoin) {
        if (result == 0) joined(thread, address);
    } else if (call == CallId::kWait) {
        if (result > 0) process_waited(thread, result);
    } else if (result > 0 && begun.before) {
        auto& children = at(thread).children;
        if (children.size() == kMostChildren) children.erase(children.begin());
        children.push_back({static_cast<std::int32_t>(result), begun.before});
    }
}

void HappensBefore::lock_begin(std::uint32_t thread, OpenCall& call) {
    switch (call.call) {
        case CallId::kMutexUnlock:
        case CallId::kSpinUnlock:
        case CallId::kRwlockUnlock:
            unlock(thread, call.object);
            break;
        case CallId::kSemPost:
            post(thread, call.object);
            break;
        case CallId::kCondWait:
        case CallId::kCondTimedWait:
            if (call.argument != 0) unlock(thread, call.argument);
            break;
        case CallId::kBarrierWait:
            if (Object* barrier = object(thread, call.object)) {
                if (!barrier->round || barrier->round->departed) barrier->round = std::make_shared<BarrierRound>();
                call.round = barrier->round;
                publish(thread, call.round->arrived);
            }
            break;
        default:
            break;
    }
}

void HappensBefore::lock_end(std::uint32_t thread, CallId call, std::uint64_t address, std::int64_t result,
                             const OpenCall& begun) {
    if (makes_object_anew(call)) objects_.erase(place(trace::ThreadIndex{thread}, address));
    const bool done = result >= 0;
    if (call == CallId::kSemInit && done && begun.call == call)
        if (Object* semaphore = object(thread, address)) semaphore->permits = static_cast<std::int64_t>(begun.argument);
    switch (call) {
        case CallId::kMutexLock:
        case CallId::kMutexTryLock:
        case CallId::kMutexTimedLock:
            if (done || result == kOwnerDied) lock(thread, address, true);
            break;
        case CallId::kRwlockWriteLock:
        case CallId::kRwlockTryWriteLock:
        case CallId::kRwlockTimedWriteLock:
        case CallId::kSpinLock:
        case CallId::kSpinTryLock:
            if (done) lock(thread, address, true);
            break;
        case CallId::kRwlockReadLock:
        case CallId::kRwlockTryReadLock:
        case CallId::kRwlockTimedReadLock:
            if (done) lock(thread, address, false);
            break;
        case CallId::kSemWait:
        case CallId::kSemTryWait:
        case CallId::kSemTimedWait:
            if (done) wait(thread, address);
            break;
        case CallId::kCondWait:
        case CallId::kCondTimedWait:  // whatever the result, the mutex is held again
            if (begun.argument != 0) lock(thread, begun.argument, true);
            break;
        case CallId::kBarrierWait:
            if (done && begun.round) {
                begun.round->departed = true;
                at(thread).now.join(begun.round->arrived);
            }
            break;
        case CallId::kOnce:
            if (done) once_returns(thread, address, begun);
            break;
        case CallId::kOnceRuns:
            lock(thread, address, true);
            if (Object* once = object(thread, address)) once->once_done = false;
            break;
        case CallId::kOnceLeft:
            unlock(thread, address);
            break;
        case CallId::kGuardAcquire:
            if (result > 0) {
                lock(thread, address, true);
            } else if (Object* guard = object(thread, address)) {
                at(thread).now.join(guard->released);
            }
            break;
        case CallId::kGuardRelease:
            guard_released(thread, address);
            unlock(thread, address);
            break;
        case CallId::kGuardAbort:
            unlock(thread, address);
            break;
        default:
            break;
    }
}

// Who holds it by the log, though it cannot, has let go already and only says so a little later: its present is taken over,
// which its own accesses still belong to until it says so.
void HappensBefore::lock(std::uint32_t thread, std::uint64_t address, bool exclusive) {
    Object* lock = object(thread, address);
    if (!lock) return;
    VectorClock& now = at(thread).now;
    now.join(lock->released);
    if (lock->writer != kNobody && lock->writer != thread) now.join(at(static_cast<std::uint32_t>(lock->writer)).now);
    if (!exclusive) {
        if (lock->reading.size() < kMostReading) lock->reading.push_back(thread);
        return;
    }
    now.join(lock->readers);
    for (const std::uint32_t reader : lock->reading)
        if (reader != thread) now.join(at(reader).now);
    lock->reading.clear();
    lock->writer = thread;
}

// What is released is joined to what was rather than put in its place: an unlock by a thread whose lock was not seen loses
// nothing.
void HappensBefore::unlock(std::uint32_t thread, std::uint64_t address) {
    Object* lock = object(thread, address);
    if (!lock) return;
    const auto reader = std::find(lock->reading.begin(), lock->reading.end(), thread);
    if (reader == lock->reading.end()) {
        publish(thread, lock->released);
        if (lock->writer == thread) lock->writer = kNobody;
    } else {
        publish(thread, lock->readers);
        lock->reading.erase(reader);
    }
}

void HappensBefore::wait(std::uint32_t thread, std::uint64_t address) {
    Object* semaphore = object(thread, address);
    if (!semaphore) return;
    at(thread).now.join(semaphore->released);
    if (semaphore->permits && --*semaphore->permits >= 0) return;
    if (semaphore->early.size() == kMostEarly) semaphore->early.erase(semaphore->early.begin());
    semaphore->early.push_back({thread, now_});
}

void HappensBefore::post(std::uint32_t thread, std::uint64_t address) {
    Object* semaphore = object(thread, address);
    if (!semaphore) return;
    for (const Waiter& waiter : std::exchange(semaphore->early, {})) {
        const bool early = semaphore->permits || waiter.time + options_.stamp_slack.count() > now_;
        if (early && waiter.thread != thread) at(waiter.thread).now.join(at(thread).now);
    }
    publish(thread, semaphore->released);
    if (semaphore->permits) ++*semaphore->permits;
}

// The thread that ran the routine may log its return after those that waited for it. Where it did not say that it runs it, in
// older recordings, it is the one that has done something since its call began; when none has, the routine has no hooks and
// there is nothing to order.
void HappensBefore::once_returns(std::uint32_t thread, std::uint64_t address, const OpenCall& begun) {
    Object* once = object(thread, address);
    if (!once) return;
    if (!once->once_done) {
        once->once_done = true;
        const Place where = place(trace::ThreadIndex{thread}, address);
        if (once->writer != kNobody) {
            publish(static_cast<std::uint32_t>(once->writer), once->released);
            once->writer = kNobody;
        } else if (at(thread).hooks > begun.hooks + 1) {
            publish(thread, once->released);
        } else {
            for (std::uint32_t other = 0; other < table_.size(); ++other) {
                if (!table_.knows(other) || other == thread) continue;
                for (const OpenCall& open : at(other).open)
                    if (open.call == CallId::kOnce && at(other).hooks > open.hooks &&
                        place(trace::ThreadIndex{other}, open.object) == where)
                        publish(other, once->released);
            }
        }
    }
    at(thread).now.join(once->released);
}

}  // namespace heddle::race
