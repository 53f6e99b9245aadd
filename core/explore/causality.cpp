#include "core/explore/causality.h"

#include <algorithm>

#include "core/explore/idle_rounds.h"

namespace heddle::explore {
namespace {

// Keys of objects that are not memory locations; locations have even keys.
constexpr std::uint64_t key_of(std::uint64_t object, std::uint64_t kind) {
    return (object << 4 | kind << 1) | 1;
}
constexpr std::uint64_t kLockKey = 0, kConditionKey = 1, kPermitKey = 2, kBarrierKey = 3, kFutexKey = 4, kOutputKey = 5,
                        kFenceKey = 6, kHeapKey = 7,
                        kChannelKey = 7;  // of small numbers, which are no addresses
constexpr unsigned kAnyRole = 0xf;

constexpr unsigned bit(unsigned role) {
    return 1U << role;
}

}  // namespace

void Causality::join(std::uint32_t step) {
    const std::uint32_t* other = clock(step);
    for (std::uint32_t t = 0; t < threads_; ++t) now_[t] = std::max(now_[t], other[t]);
}

void Causality::join_roles(const History& history, unsigned roles) {
    for (std::uint32_t t = 0; t < threads_; ++t) {
        for (unsigned role = 0; role < History::kRoles; ++role) {
            const std::uint32_t step = history.last[t * History::kRoles + role];
            if ((roles & bit(role)) != 0 && step != kNone) join(step);
        }
    }
}

// Of each other thread the last step of these roles: what the operation at work could have come before.
void Causality::collect(const History& history, unsigned roles, std::uint32_t thread) {
    for (std::uint32_t t = 0; t < threads_; ++t) {
        if (t == thread) continue;
        std::uint32_t last = kNone;
        for (unsigned role = 0; role < History::kRoles; ++role) {
            const std::uint32_t step = history.last[t * History::kRoles + role];
            if ((roles & bit(role)) != 0 && step != kNone && (last == kNone || step > last)) last = step;
        }
        if (last != kNone && before_[t] < ordinal_[last]) candidates_.push_back(last);
    }
}

// The read that ends a spin could have come before each step that it was enabled before, and that it cannot be told apart from
// or that put it back to spinning.
void Causality::collect_spun(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const auto end = static_cast<std::uint32_t>(step == kNone ? steps_.size() : step);
    for (std::uint32_t i = latest_[thread] == kNone ? 0 : latest_[thread] + 1; i < end; ++i) {
        if ((steps_[i].enabled >> thread & 1) == 0 || before_[thread_of(i)] >= ordinal_[i]) continue;
        const bool enabled_after = i + 1 < steps_.size() ? (steps_[i + 1].enabled >> thread & 1) != 0 : step != kNone;
        if (!enabled_after || trace::dependent(steps_[i].operation, operation)) candidates_.push_back(i);
    }
}

void Causality::record(History& history, Role role, std::uint32_t step, std::uint32_t thread) {
    if (step != kNone) journal_.set(history.last[thread * History::kRoles + role], step);
}

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
    History& order = histories_.of(key_of(0, kFenceKey));
    const unsigned against = fence ? bit(kExclusive) | bit(kShared) : bit(kExclusive);
    if (reversible) collect(order, against, thread);
    join_roles(order, against);
    record(order, fence ? kExclusive : kShared, step, thread);
}

void Causality::on_lock(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    using K = OperationKind;
    History& lock = histories_.of(key_of(operation.object, kLockKey));
    const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
    switch (operation.kind) {
        case K::kLock:
            if (operation.second != 0 && operation.value != 0) {
                join(static_cast<std::uint32_t>(operation.value - 1));  // not before it was woken
                before_ = now_;
            }
            collect(lock, bit(kExclusive) | bit(kShared), thread);
            join_roles(lock, kAnyRole);
            return record(lock, kExclusive, step, thread);
        case K::kReadLock:
            collect(lock, bit(kExclusive), thread);
            join_roles(lock, bit(kExclusive) | bit(kRelease) | bit(kTry));
            return record(lock, kShared, step, thread);
        case K::kUnlock:
            collect(lock, bit(kTry), thread);
            join_roles(lock, bit(kTry));
            return record(lock, kRelease, step, thread);
        default:  // the tries
            collect(lock, kAnyRole, thread);
            join_roles(lock, kAnyRole);
            record(lock, kTry, step, thread);
            if (!failed) record(lock, operation.kind == K::kTryLock ? kExclusive : kShared, step, thread);
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

// Of each other thread the last step of the role on the channel that the operation could have come before: what let it go on
// in the first place it could not.
void Causality::collect_on_channel(const Operation& operation, Role role, std::uint32_t thread) {
    namespace bits = trace::channel_bits;
    const bool back = (operation.second & 1) != 0;
    const std::uint8_t needed = operation.kind == OperationKind::kReceive ? (back ? bits::kReadableBack : bits::kReadable)
                                : operation.kind == OperationKind::kSend  ? (back ? bits::kWritableBack : bits::kWritable)
                                                                          : std::uint8_t{0};
    const std::size_t before = candidates_.size();
    collect(histories_.of(key_of(operation.second + 1, kChannelKey)), bit(role), thread);
    for (std::size_t i = before; i < candidates_.size();) {
        if ((steps_[candidates_[i]].operation.older & needed) == needed) {
            ++i;
        } else {
            candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

void Causality::on_channel(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    using K = OperationKind;
    const bool closes = operation.kind == K::kClose;
    if (closes || operation.kind == K::kMakeChannel) {
        History& numbers = histories_.of(key_of(0, kChannelKey));
        collect(numbers, bit(kExclusive), thread);
        join_roles(numbers, bit(kExclusive));
        record(numbers, kExclusive, step, thread);
        if (!closes) return;
    }
    const Role role = operation.kind == K::kReceive ? kShared : operation.kind == K::kSend ? kRelease : kTry;
    // A close ends both ways.
    for (std::uint64_t way = closes ? operation.second & ~std::uint64_t{1} : operation.second;
         way <= (closes ? operation.second | 1 : operation.second); ++way) {
        Operation this_way = operation;
        this_way.second = way;
        for (const Role each : {kShared, kRelease, kTry}) collect_on_channel(this_way, each, thread);
        History& channel = histories_.of(key_of(way + 1, kChannelKey));
        join_roles(channel, kAnyRole);
        record(channel, role, step, thread);
    }
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
        case K::kTimedWait: {
            exclusive(key_of(operation.object, kConditionKey));
            History& mutex = histories_.of(key_of(operation.second, kLockKey));
            collect(mutex, bit(kTry), thread);
            join_roles(mutex, bit(kTry));
            record(mutex, kRelease, step, thread);
            break;
        }
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
        case K::kExit:
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

void Causality::add(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    candidates_.clear();
    for (std::uint32_t t = 0; t < threads_; ++t) before_[t] = latest_[thread] == kNone ? 0 : clock(latest_[thread])[t];
    now_ = before_;
    if (frees_.size() > 0 && trace::is_in_memory(operation.kind)) on_freed_memory(operation, thread);
    if (trace::is_access(operation.kind)) {
        on_access(operation, step, thread);
    } else if (trace::is_lock_operation(operation.kind)) {
        on_lock(operation, step, thread);
    } else if (trace::is_permit_operation(operation.kind)) {
        on_permit(operation, step, thread);
    } else if (trace::is_channel_operation(operation.kind)) {
        on_channel(operation, step, thread);
    } else {
        on_other(operation, step, thread);
    }
}

// Those of the candidates that nothing comes in between with.
void Causality::report(std::uint32_t step, std::uint32_t thread) {
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    for (const std::uint32_t candidate : candidates_) {
        const bool between = std::any_of(candidates_.begin(), candidates_.end(), [&](std::uint32_t other) {
            return other > candidate && happens_before(candidate, other);
        });
        if (!between) races_.push_back({candidate, step == kNone ? ReversibleRace::kPending : step, thread});
    }
}

void Causality::begin(std::uint32_t threads, bool fences, std::uint32_t known) {
    const std::uint32_t kept = threads == threads_ && fences == fences_ ? std::min(known, journal_.steps()) : 0;
    races_.clear();
    ordinal_.resize(kept);
    clocks_.resize(static_cast<std::size_t>(kept) * threads);
    journal_.back_to(kept);
    if (kept > 0) return;
    threads_ = threads;
    fences_ = fences;
    journal_.clear();
    histories_.begin(threads);
    frees_.clear();
    now_.assign(threads_, 0);
    before_.assign(threads_, 0);
    latest_.assign(threads_, kNone);
    created_by_.assign(threads_, kNone);
    ended_at_.assign(threads_, kNone);
    counts_.assign(threads_, 0);
}

void Causality::take(std::span<const Step> steps) {
    steps_ = steps;
    const auto step = static_cast<std::uint32_t>(steps.size() - 1);
    const std::uint32_t thread = steps[step].thread;
    journal_.begin_step();
    journal_.set(counts_[thread], counts_[thread] + 1);
    ordinal_.push_back(counts_[thread]);
    add(steps[step].operation, step, thread);
    now_[thread] = counts_[thread];
    clocks_.insert(clocks_.end(), now_.begin(), now_.end());
    journal_.set(latest_[thread], step);
}

bool Causality::before_next(std::uint32_t a, std::uint32_t thread) const {
    const std::uint32_t last = latest_[thread];
    return last != kNone && happens_before(a, last);
}

bool Causality::same_past_of_others(std::uint32_t a, std::uint32_t b) const {
    for (std::uint32_t t = 0; t < threads_; ++t) {
        if (t != thread_of(a) && clock(a)[t] != clock(b)[t]) return false;
    }
    return true;
}

// Whether the last step ends the process before the thread did what it might have done just then.
bool Causality::exit_cuts_off(std::uint32_t thread) const {
    if (steps_.empty() || steps_.back().operation.kind != OperationKind::kExit) return false;
    const auto exit = static_cast<std::uint32_t>(steps_.size() - 1);
    return thread_of(exit) != thread && (steps_[exit].enabled >> thread & 1) != 0;
}

void Causality::analyze(const Execution& execution, std::uint32_t known) {
    const auto is_fence = [](const Operation& operation) { return trace::is_sequential_fence(operation); };
    bool fences =
        std::any_of(execution.steps.begin(), execution.steps.end(), [&](const Step& step) { return is_fence(step.operation); });
    for (std::uint32_t thread = 0; thread < execution.threads; ++thread) {
        fences = fences || ((execution.alive >> thread & 1) != 0 && is_fence(execution.pending[thread]));
    }
    begin(execution.threads, fences, known);
    pending_clocks_.assign(static_cast<std::size_t>(threads_) * threads_, 0);
    for (std::uint32_t step = journal_.steps(); step < execution.steps.size(); ++step) {
        take(execution.steps.first(step + 1));
        report(step, execution.steps[step].thread);
    }
    steps_ = execution.steps;
    for (std::uint32_t thread = 0; thread < threads_; ++thread) {
        if ((execution.alive >> thread & 1) == 0) continue;
        const Operation& operation = execution.pending[thread];
        // Not signalled: it could not have come earlier.
        const bool waits = operation.kind == OperationKind::kLock && operation.second != 0 && operation.value == 0;
        add(operation, kNone, thread);
        if (exit_cuts_off(thread)) candidates_.push_back(static_cast<std::uint32_t>(steps_.size() - 1));
        std::copy(now_.begin(), now_.end(), pending_clocks_.begin() + static_cast<std::ptrdiff_t>(thread) * threads_);
        if (!waits) report(kNone, thread);
    }
    // A write that comes after the look of an idle round could have come before it. The thread would then have seen it in its
    // first round, just as it now sees it in the next one: the same execution, but for the idle round.
    find_idle_looks(execution, *this, idle_);
    if (idle_.empty()) return;
    std::erase_if(races_,
                  [&](const ReversibleRace& race) { return std::find(idle_.begin(), idle_.end(), race.first) != idle_.end(); });
}

}  // namespace heddle::explore
