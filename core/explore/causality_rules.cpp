// What each kind of operation comes after, and what it could have come before.
#include <algorithm>

#include "core/explore/causality_keys.h"
#include "core/trace/dependence.h"

namespace heddle::explore {

void Causality::on_access(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const bool reads = operation.kind == OperationKind::kRead;
    const unsigned against = reads ? bit(kExclusive) : bit(kExclusive) | bit(kShared);
    const bool spun = (operation.flags & trace::operation_flags::kSpun) != 0;
    if (spun) collect_spun(operation, step, thread);
    const Histories::Locations locations = histories_.at(operation.object, operation.bytes);
    for (std::size_t i = 0; i < locations.count; ++i) {
        if (!spun) collect(*locations.histories[i], against, thread);
        join_roles(*locations.histories[i], against);
    }
    // A read that ends a spin comes after the write that ended it, wherever that was.
    if (spun && operation.second != 0 && operation.second != operation.object) {
        const Histories::Locations others = histories_.at(operation.second, 1);
        for (std::size_t i = 0; i < others.count; ++i) join_roles(*others.histories[i], bit(kExclusive));
    }
    const bool sequential = trace::is_sequential(operation);
    for (std::size_t i = 0; i < locations.count; ++i) {
        History& location = *locations.histories[i];
        if (reads && sequential) {
            // Two seq_cst loads, of which one settles what the other may return.
            const bool settles = (operation.flags & trace::operation_flags::kSettles) != 0;
            const unsigned loads = settles ? bit(kSequentialRead) | bit(kSettlingRead) : bit(kSettlingRead);
            if (!spun) collect(location, loads, thread);
            join_roles(location, loads);
            record(location, settles ? kSettlingRead : kSequentialRead, step, thread);
        }
        record(location, reads ? kShared : kExclusive, step, thread);
    }
    if (sequential && fences_) on_sequential(false, !spun, step, thread);
}

// A seq_cst fence and each other seq_cst operation come in one order.
void Causality::on_sequential(bool fence, bool reversible, std::uint32_t step, std::uint32_t thread) {
    History& order = histories_.of(kFences);
    const unsigned against = fence ? bit(kExclusive) | bit(kShared) : bit(kExclusive);
    if (reversible) collect(order, against, thread);
    join_roles(order, against);
    record(order, fence ? kExclusive : kShared, step, thread);
}

void Causality::let_go(std::uint64_t mutex, std::uint32_t step, std::uint32_t thread) {
    History& lock = histories_.of(key_of(mutex, kLockKey));
    collect(lock, bit(kTry), thread);
    join_roles(lock, bit(kTry));
    record(lock, kRelease, step, thread);
}

void Causality::try_lock(std::uint64_t mutex, std::uint32_t step, std::uint32_t thread) {
    History& lock = histories_.of(key_of(mutex, kLockKey));
    collect(lock, kAnyRole, thread);
    join_roles(lock, kAnyRole);
    record(lock, kTry, step, thread);
}

void Causality::on_lock(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    using K = OperationKind;
    History& lock = histories_.of(key_of(operation.object, kLockKey));
    const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
    const bool only_looks = operation.kind == K::kLock && !trace::takes_lock_alone(operation);
    switch (only_looks ? K::kReadLock : operation.kind) {
        case K::kLock:
            if (trace::is_after_wait(operation) && operation.value != 0) {
                join(static_cast<std::uint32_t>(operation.value - 1));  // not before it was woken
                before_ = now_;
            }
            collect(lock, bit(kExclusive) | bit(kShared), thread);
            join_roles(lock, kAnyRole);
            record(lock, kExclusive, step, thread);
            if (const std::uint64_t other = trace::looks_also_at(operation); other != 0) try_lock(other, step, thread);
            return;
        case K::kReadLock:
            collect(lock, bit(kExclusive), thread);
            join_roles(lock, bit(kExclusive) | bit(kRelease) | bit(kTry));
            return record(lock, kShared, step, thread);
        case K::kUnlock:
            return let_go(operation.object, step, thread);
        default:  // the tries
            try_lock(operation.object, step, thread);
            if (!failed) record(lock, operation.kind == K::kTryLock ? kExclusive : kShared, step, thread);
            if (const std::uint64_t other = step == kNone ? operation.second : trace::lets_go_of(operation); other != 0)
                let_go(other, step, thread);
    }
}

void Causality::on_permit(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    using K = OperationKind;
    History& semaphore = histories_.of(key_of(operation.object, kPermitKey));
    const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
    if (operation.kind == K::kReleasePermit) {
        collect(semaphore, bit(kRelease) | bit(kTry), thread);
        join_roles(semaphore, bit(kRelease) | bit(kTry));
        record(semaphore, kRelease, step, thread);
        if (step != kNone) semaphore.posts.add(journal_) = step;
        return;
    }
    if (operation.kind == K::kAcquirePermit) {
        collect(semaphore, bit(kExclusive), thread);
        join_roles(semaphore, bit(kExclusive) | bit(kTry));
        // The n-th permit beyond those there were at first is the n-th post's; the posts are ordered.
        const auto initial =
            static_cast<std::int64_t>(operation.value) + semaphore.acquired - static_cast<std::int64_t>(semaphore.posts.size());
        const std::int64_t needed = semaphore.acquired + 1 - initial;
        if (step != kNone && needed >= 1 && needed <= static_cast<std::int64_t>(semaphore.posts.size())) {
            join(semaphore.posts[static_cast<std::size_t>(needed - 1)]);
        }
    } else {
        collect(semaphore, kAnyRole, thread);
        join_roles(semaphore, kAnyRole);
        record(semaphore, kTry, step, thread);
    }
    if (step == kNone || failed) return;
    journal_.set(semaphore.acquired, semaphore.acquired + 1);
    record(semaphore, kExclusive, step, thread);
}

// The end of a process where others go on.
void Causality::on_exit(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const auto against = [&](History& object, unsigned roles, Role as) {
        collect(object, roles, thread);
        join_roles(object, roles);
        record(object, as, step, thread);
    };
    if ((operation.object & trace::exit_bits::kPrints) != 0)
        against(histories_.of(key_of(1, kOutputKey)), bit(kExclusive), kExclusive);
    if ((operation.object & trace::exit_bits::kCloses) != 0)
        against(histories_.of(kAllChannels), bit(kShared) | bit(kExclusive), kRelease);
    against(histories_.of(kChildren), bit(kExclusive), kRelease);
    if (step != kNone && operation.second != 0 && operation.second <= threads_)
        journal_.set(ended_at_[operation.second - 1], step);
}

void Causality::on_child(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    // After the end of the one that it was.
    const std::uint64_t child = operation.value;
    const std::uint32_t end = child != 0 && child <= threads_ ? ended_at_[child - 1] : kNone;
    if (trace::tells_who_has_ended(operation)) {
        const std::size_t before = candidates_.size();
        History& children = histories_.of(kChildren);
        collect(children, bit(kExclusive) | bit(kRelease), thread);
        drop_impossible(before, step, thread, true);
        join_roles(children, bit(kExclusive) | bit(kRelease));
        record(children, kExclusive, step, thread);
    }
    if (end != kNone) join(end);
}

// A step that concerns all threads of a process comes before or after whatever else is done.
void Causality::on_all_threads(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const bool concerns = trace::concerns_all_threads(operation);
    const unsigned against = concerns ? bit(kExclusive) | bit(kShared) : bit(kExclusive);
    History& all = histories_.of(kAllThreads);
    collect(all, against, thread);
    join_roles(all, against);
    record(all, concerns ? kExclusive : kShared, step, thread);
}

// Freeing a block is a write to all of it, and to every lock in it; nothing is done with it after that but by mistake.
void Causality::on_free(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    constexpr std::uint64_t kMostBytes = 1 << 16;
    const auto overwrite = [&](History& history) {
        collect(history, kAnyRole, thread);
        join_roles(history, kAnyRole);
        record(history, kExclusive, step, thread);
    };
    const std::uint64_t end = operation.object + std::min(operation.value, kMostBytes);
    for (std::uint64_t at = operation.object; at < end; at += 8) {
        histories_.for_each_known_part(at >> 3, overwrite);
        for (const std::uint64_t kind : {kLockKey, kConditionKey, kPermitKey, kBarrierKey, kFutexKey}) {
            if (History* const known = histories_.known(key_of(at, kind))) overwrite(*known);
        }
    }
    overwrite(histories_.of(key_of(operation.object, kHeapKey)));
    if (step != kNone) frees_.add(journal_) = step;
}

// What is done to memory that another thread freed before.
void Causality::on_freed_memory(const Operation& operation, std::uint32_t thread) {
    for (std::uint32_t i = 0; i < frees_.size(); ++i) {
        const std::uint32_t free = frees_[i];
        if (thread_of(free) == thread || !trace::frees_object_of(steps_[free].operation, operation)) continue;
        if (before_[thread_of(free)] < ordinal_[free]) candidates_.push_back(free);
        join(free);
    }
}

void Causality::on_other(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    using K = OperationKind;
    const auto exclusive = [&](std::uint64_t key) {
        History& object = histories_.of(key);
        collect(object, bit(kExclusive), thread);
        join_roles(object, bit(kExclusive));
        record(object, kExclusive, step, thread);
    };
    switch (operation.kind) {
        case K::kStart:
            if (created_by_[thread] != kNone) join(created_by_[thread]);
            break;
        case K::kFork:
            if (operation.object == 0) break;  // it failed
            [[fallthrough]];
        case K::kCreate:
            if (step != kNone && operation.object < threads_) journal_.set(created_by_[operation.object], step);
            break;
        case K::kEnd:
            if (step != kNone) journal_.set(ended_at_[thread], step);
            break;
        case K::kJoin:
            if (operation.object < threads_ && ended_at_[operation.object] != kNone) join(ended_at_[operation.object]);
            break;
        case K::kWait:
        case K::kTimedWait:
            exclusive(key_of(operation.object, kConditionKey));
            let_go(operation.second, step, thread);
            break;
        case K::kSignal:
        case K::kBroadcast:
            exclusive(key_of(operation.object, kConditionKey));
            break;
        case K::kArrive:
            if (step != kNone) histories_.of(key_of(operation.object, kBarrierKey)).arrivals.add(journal_) = step;
            break;
        case K::kLeave: {
            const History& barrier = histories_.of(key_of(operation.object, kBarrierKey));
            for (std::uint32_t i = 0; i < barrier.arrivals.size(); ++i) {
                if (barrier.arrivals[i] < operation.value) join(barrier.arrivals[i]);
            }
            break;
        }
        case K::kFutexWait: {
            exclusive(key_of(operation.object, kFutexKey));
            Operation read = operation;
            read.kind = K::kRead;
            read.second = 0;
            on_access(read, step, thread);
            break;
        }
        case K::kFutexWake:
            exclusive(key_of(operation.object, kFutexKey));
            break;
        case K::kFutexResume:
            if (operation.value != 0) join(static_cast<std::uint32_t>(operation.value - 1));
            break;
        case K::kFence:
            if (trace::is_sequential(operation)) on_sequential(true, true, step, thread);
            break;
        case K::kFree:
            on_free(operation, step, thread);
            break;
        case K::kOutput:
            exclusive(key_of(operation.object, kOutputKey));
            break;
        case K::kReadFile: {
            History& file = histories_.of(key_of(operation.object, kOutputKey));
            collect(file, bit(kExclusive), thread);
            join_roles(file, bit(kExclusive));
            record(file, kShared, step, thread);
            break;
        }
        case K::kWriteFile: {
            History& file = histories_.of(key_of(operation.object, kOutputKey));
            collect(file, bit(kExclusive) | bit(kShared), thread);
            join_roles(file, bit(kExclusive) | bit(kShared));
            record(file, kExclusive, step, thread);
            break;
        }
        case K::kKill: {
            const bool ends = (operation.flags & trace::operation_flags::kFailed) == 0;
            if (step != kNone && ends && operation.object != 0 && operation.object <= threads_)
                journal_.set(ended_at_[operation.object - 1], step);
            break;
        }
        case K::kWaitChild:
            on_child(operation, step, thread);
            break;
        case K::kExit:
            if (operation.object != 0) return on_exit(operation, step, thread);
            for (std::uint32_t t = 0; t < threads_; ++t) {
                if (t == thread || latest_[t] == kNone) continue;
                if (before_[t] < ordinal_[latest_[t]]) candidates_.push_back(latest_[t]);
                join(latest_[t]);
            }
            break;
        default:
            break;
    }
}

}  // namespace heddle::explore
