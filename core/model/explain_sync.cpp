#include "core/model/explain_sync.h"

#include <algorithm>
#include <cerrno>

#include "core/model/lock_folding.h"
#include "core/model/naming.h"

namespace heddle::model {
namespace {

using trace::CallId;
using Arguments = std::map<std::string, std::string>;

const LockWorld* lock_in(const World& world, Number thread, std::uint64_t address) {
    if (thread > static_cast<Number>(world.thread_count())) return nullptr;
    const auto& locks = *world.process(world.thread(thread).process).locks;
    const auto found = locks.find(address);
    return found == locks.end() ? nullptr : &found->second;
}

std::string names_of(const std::vector<Number>& threads, Number without) {
    std::string names;
    for (const Number thread : threads)
        if (thread != without) names += joined({names.empty() ? "" : ", ", thread_text(thread)});
    return names;
}

bool reads(CallId call) {
    return call == CallId::kRwlockReadLock || call == CallId::kRwlockTryReadLock || call == CallId::kRwlockTimedReadLock;
}
bool locks_something(CallId call) {
    return call == CallId::kMutexLock || call == CallId::kMutexTryLock || call == CallId::kMutexTimedLock ||
           call == CallId::kSpinLock || call == CallId::kSpinTryLock ||
           (call >= CallId::kRwlockReadLock && call <= CallId::kRwlockTimedWriteLock);
}
bool unlocks(CallId call) {
    return call == CallId::kMutexUnlock || call == CallId::kRwlockUnlock || call == CallId::kSpinUnlock;
}
bool tries(CallId call) {
    return call == CallId::kMutexTryLock || call == CallId::kSpinTryLock || call == CallId::kRwlockTryReadLock ||
           call == CallId::kRwlockTryWriteLock;
}

class SyncExplainer {
public:
    SyncExplainer(const World& before, const World& now, Number number, const Program* program, std::uint64_t object)
        : before_(before),
          now_(now),
          number_(number),
          program_(program),
          address_(object),
          was_(lock_in(before, number, object)),
          is_(lock_in(now, number, object)) {}

    std::optional<Sentence> begin(const trace::CallBegin& call) const;
    std::optional<Sentence> end(const trace::CallEnd& call) const;

private:
    std::string name(std::uint64_t address) const {
        return name_address(now_, now_.process(now_.thread(number_).process), program_, address).name;
    }
    Sentence say(std::string_view key, Arguments arguments = {}) const {
        arguments.emplace("thread", thread_text(number_));
        arguments.emplace("name", name(address_));
        return {std::string(key), std::move(arguments), number_};
    }
    // key: where nobody else waits; key_one, key_many: with those who do.
    Sentence with_waiters(std::string_view key, const LockWorld* lock) const {
        const std::string waiters = lock ? names_of(lock->waiters, number_) : std::string();
        if (waiters.empty()) return say(key);
        return say(joined({key, waiters.find(',') == std::string::npos ? "_one" : "_many"}), {{"waiters", waiters}});
    }
    // key_held: with those who hold it.
    Sentence with_holders(std::string_view key) const {
        const std::string owner = other_holders(before_, number_, address_);
        return owner.empty() ? say(key) : say(joined({key, "_held"}), {{"owner", owner}});
    }
    Sentence lock_asks(CallId call) const { return with_holders(reads(call) ? "event.read_lock_asks" : "event.lock_asks"); }
    Sentence semaphore(std::string_view key) const {
        if (!is_ || !is_->permits) return say(key);
        return say(joined({key, "_counted"}), {{"permits", std::to_string(std::max<std::int64_t>(0, *is_->permits))}});
    }
    Sentence arrives() const {
        if (!is_ || is_->parties == 0) return say("event.barrier_arrives");
        const bool last = was_ && is_->rounds != was_->rounds;
        return say(last ? "event.barrier_complete" : "event.barrier_arrives_counted",
                   {{"n", std::to_string(is_->waiters.size())}, {"parties", std::to_string(is_->parties)}});
    }

    const World& before_;
    const World& now_;
    Number number_;
    const Program* program_;
    std::uint64_t address_;
    const LockWorld *was_, *is_;
};

std::optional<Sentence> SyncExplainer::begin(const trace::CallBegin& call) const {
    if (locks_something(call.call)) return lock_asks(call.call);
    if (unlocks(call.call)) return with_waiters("event.unlock_begins", was_);
    switch (call.call) {
        case CallId::kCondWait:
        case CallId::kCondTimedWait:
            return say("event.condition_waits", {{"mutex", name(call.argument)}});
        case CallId::kCondSignal:
            return with_waiters("event.condition_signal_begins", was_);
        case CallId::kCondBroadcast:
            return with_waiters("event.condition_broadcast_begins", was_);
        case CallId::kSemWait:
        case CallId::kSemTimedWait:
            return semaphore("event.semaphore_asks");
        case CallId::kSemPost:
            return with_waiters("event.semaphore_post_begins", was_);
        case CallId::kBarrierWait:
            return arrives();
        case CallId::kOnce:
            if (is_ && is_->done) return say("event.once_was_done");
            return is_ && is_->owner == number_ ? say("event.once_runs") : with_holders("event.once_waits");
        case CallId::kGuardAcquire:
            return is_ && is_->owner ? with_holders("event.static_asks") : say("event.static_asks");
        case CallId::kFutexWait:
            return say("event.futex_waits");
        case CallId::kFutexWake:
            return with_waiters("event.futex_wake_begins", was_);
        default:
            return std::nullopt;
    }
}

std::optional<Sentence> SyncExplainer::end(const trace::CallEnd& call) const {
    if (tries(call.call) && call.result < 0) return with_holders("event.lock_refused");
    if (call.call == CallId::kFutexWait && call.result == -EAGAIN) return say("event.futex_changed");
    if (call.result == -ETIMEDOUT) return say("event.waited_long_enough", {{"call", std::string(trace::call_name(call.call))}});
    if (call.result < 0) return std::nullopt;
    if (locks_something(call.call)) return say(reads(call.call) ? "event.read_lock_gets" : "event.lock_gets");
    if (unlocks(call.call)) return with_waiters("event.unlocks", is_);
    switch (call.call) {
        case CallId::kCondWait:
        case CallId::kCondTimedWait:
            if (was_ && was_->mutex) return say("event.condition_returns", {{"mutex", name(was_->mutex)}});
            return say("event.condition_returns_alone");
        case CallId::kCondSignal:
            return say("event.condition_signals");
        case CallId::kCondBroadcast:
            return say("event.condition_broadcasts");
        case CallId::kSemInit:
        case CallId::kSemOpen:
            return semaphore("event.semaphore_made");
        case CallId::kSemWait:
        case CallId::kSemTryWait:
        case CallId::kSemTimedWait:
            return semaphore("event.semaphore_gets");
        case CallId::kSemPost:
            return semaphore("event.semaphore_posts");
        case CallId::kBarrierInit:
            return say("event.barrier_made", {{"parties", std::to_string(is_ ? is_->parties : 0)}});
        case CallId::kBarrierWait:
            return say("event.barrier_passes");
        case CallId::kOnce:
            return say(is_ && was_ && is_->done != was_->done ? "event.once_done" : "event.once_passed");
        case CallId::kOnceRuns:
            return say("event.once_begins");
        case CallId::kOnceLeft:
            return say("event.once_left");
        case CallId::kGuardAcquire:
            return say(call.result > 0 ? "event.static_runs" : "event.static_passed");
        case CallId::kGuardRelease:
            return say("event.static_done");
        case CallId::kGuardAbort:
            return say("event.static_given_up");
        case CallId::kFutexWait:
            return say("event.futex_returns");
        case CallId::kFutexWake:
            return say("event.futex_wakes", {{"n", std::to_string(call.result)}});
        case CallId::kMutexInit:
        case CallId::kRwlockInit:
        case CallId::kSpinInit:
        case CallId::kCondInit:
            return say("event.object_made", {{"call", std::string(trace::call_name(call.call))}});
        case CallId::kMutexDestroy:
        case CallId::kRwlockDestroy:
        case CallId::kSpinDestroy:
        case CallId::kCondDestroy:
        case CallId::kBarrierDestroy:
        case CallId::kSemDestroy:
        case CallId::kSemClose:
            return say("event.object_destroyed", {{"call", std::string(trace::call_name(call.call))}});
        default:
            return std::nullopt;
    }
}

}  // namespace

std::string other_holders(const World& world, Number thread, std::uint64_t address) {
    const LockWorld* lock = lock_in(world, thread, address);
    if (!lock || lock->owner == thread) return {};
    return lock->owner ? thread_text(lock->owner) : names_of(lock->readers, thread);
}

std::optional<Sentence> explain_sync_begin(const trace::CallBegin& call, const World& before, const World& now, Number thread,
                                           const Program* program) {
    return SyncExplainer(before, now, thread, program, call.object).begin(call);
}

std::optional<Sentence> explain_sync_end(const trace::CallEnd& call, const World& before, const World& now, Number thread,
                                         const Program* program) {
    return SyncExplainer(before, now, thread, program, call.object).end(call);
}

}  // namespace heddle::model
