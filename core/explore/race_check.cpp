#include "core/explore/race_check.h"

#include <algorithm>

#include "core/explore/memory_order.h"

namespace heddle::explore {
namespace {

namespace flags = trace::operation_flags;

constexpr std::uint64_t kAtExit = UINT64_MAX;  // as a channel: what processes had open when they ended

}  // namespace

void RaceCheck::join(Clock& into, const Clock& other) {
    for (std::size_t i = 0; i < other.size(); ++i) {
        if (into[i] < other[i]) journal_.set(into[i], other[i]);
    }
}

void RaceCheck::become(Clock& clock, const Clock& other) {
    for (std::size_t i = 0; i < other.size(); ++i) {
        if (clock[i] != other[i]) journal_.set(clock[i], other[i]);
    }
}

RaceCheck::Clock& RaceCheck::object(std::uint64_t key) {
    Object& found = objects_[key];
    if (found.stamp != stamp_) found.clock.assign(threads_, 0), found.stamp = stamp_;
    return found.clock;
}

bool RaceCheck::is_new(std::uint64_t a, std::uint64_t b) {
    const std::pair pair(std::min(a, b), std::max(a, b));
    if (std::find(reported_.begin(), reported_.end(), pair) != reported_.end()) return false;
    reported_.push_back(pair);
    return true;
}

// Atomic accesses carry clocks from one thread to another through the store that is read; a release sequence goes on through
// updates.
void RaceCheck::atomic(const Operation& operation, std::uint32_t thread) {
    Clock& mine = clocks_[thread];
    Stores& stores = stores_[operation.object];
    if (stores.stamp != stamp_) stores.stamp = stamp_, stores.carried.clear();
    const int order = order_of(operation);
    const bool reads = operation.kind != OperationKind::kWrite;
    if (reads && operation.older < stores.carried.size()) {
        join(acquires(order) ? mine : seen_relaxed_[thread], stores.carried[stores.carried.size() - 1 - operation.older]);
    }
    if (!writes(operation)) return;
    Clock& carried = add(stores);
    become(carried, releases(order) ? mine : at_fence_[thread]);
    if (reads && stores.carried.size() > 1) join(carried, stores.carried[stores.carried.size() - 2]);
}

RaceCheck::Clock& RaceCheck::add(Stores& stores) {
    Clock& carried = stores.carried.add(journal_);
    carried.assign(threads_, 0);
    return carried;
}

// A write that is not atomic is a store as well where the object is known as an atomic one.
void RaceCheck::plain_write(const Operation& operation) {
    const auto found = stores_.find(operation.object);
    if (found != stores_.end() && found->second.stamp == stamp_) add(found->second);
}

RaceCheck::Channel& RaceCheck::channel(std::uint64_t way) {
    Channel& found = channels_[way];
    if (found.stamp == stamp_) return found;
    found.stamp = stamp_;
    found.sent.clear();
    found.taken = 0;
    found.closed.assign(threads_, 0);
    return found;
}

// Who takes bytes comes after those who put them there; who finds the end, after those who closed it.
void RaceCheck::pass_bytes(const Operation& operation, std::uint32_t thread) {
    using K = OperationKind;
    Clock& mine = clocks_[thread];
    if (operation.kind == K::kClose) {
        for (const std::uint64_t way : {operation.second, operation.second ^ 1}) join(channel(way).closed, mine);
        return;
    }
    // Through one that is not known: after whatever was sent through such.
    if (trace::is_on_any_channel(operation)) {
        Clock& any = channel(operation.second).closed;
        const bool gives = operation.kind == K::kSend || operation.kind == K::kConnect;
        return gives ? join(any, mine) : join(mine, any);
    }
    Channel& way = channel(operation.second);
    if (operation.kind == K::kSend) {
        Sent& sent = way.sent.add(journal_);
        sent.bytes = static_cast<std::uint32_t>(operation.value);
        sent.clock = mine;
        return;
    }
    if (operation.value == 0) {
        join(mine, way.closed);
        return join(mine, channel(kAtExit).closed);
    }
    // An event counter is taken as a whole.
    const bool whole = static_cast<trace::ChannelKind>(operation.bytes) == trace::ChannelKind::kEvent;
    std::uint64_t left = whole ? UINT64_MAX : operation.value;
    while (left > 0 && way.taken < way.sent.size()) {
        Sent& first = way.sent[way.taken];
        join(mine, first.clock);
        const auto taken = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, first.bytes));
        left -= taken;
        journal_.set(first.bytes, first.bytes - taken);
        if (first.bytes == 0) journal_.set(way.taken, way.taken + 1);
    }
}

void RaceCheck::synchronize(std::uint32_t step) {
    using K = OperationKind;
    const Operation& operation = steps_[step].operation;
    const std::uint32_t thread = steps_[step].thread;
    Clock& mine = clocks_[thread];
    const auto take = [&](std::uint64_t key) { join(mine, object(key)); };
    const auto give = [&](std::uint64_t key) { join(object(key), mine); };
    const bool failed = (operation.flags & flags::kFailed) != 0;
    switch (operation.kind) {
        case K::kFork:
            if (operation.object == 0) break;  // it failed
            [[fallthrough]];
        case K::kCreate:
            if (operation.object < threads_) join(clocks_[operation.object], mine);
            break;
        case K::kJoin:
            if (operation.object < threads_) join(mine, clocks_[operation.object]);
            break;
        case K::kLock:
        case K::kReadLock:
            take(operation.object);
            break;
        case K::kTryLock:
        case K::kTryReadLock:
        case K::kAcquirePermit:
        case K::kTryAcquirePermit:
            if (!failed) take(operation.object);
            if (const std::uint64_t other = trace::lets_go_of(operation); other != 0) give(other);
            break;
        case K::kUnlock:
        case K::kReleasePermit:
        case K::kArrive:
            give(operation.object);
            break;
        case K::kLeave:
            take(operation.object);
            break;
        case K::kWait:
        case K::kTimedWait:
            give(operation.second);
            break;
        case K::kExit:
            if (operation.object == 0) break;
            if (operation.second != 0 && operation.second <= threads_) join(clocks_[operation.second - 1], mine);
            join(channel(kAtExit).closed, mine);
            break;
        case K::kKill:
            if (!failed && operation.object != 0 && operation.object <= threads_) join(clocks_[operation.object - 1], mine);
            break;
        case K::kWaitChild:
            if (operation.value != 0 && operation.value <= threads_) join(mine, clocks_[operation.value - 1]);
            break;
        case K::kSend:
        case K::kReceive:
        case K::kAccept:
        case K::kConnect:
        case K::kClose:
            if (!failed) pass_bytes(operation, thread);
            break;
        case K::kFence:
            if (acquires(order_of(operation))) join(mine, seen_relaxed_[thread]);
            if (releases(order_of(operation))) become(at_fence_[thread], mine);
            break;
        default:
            break;
    }
}

std::optional<DataRace> RaceCheck::access(std::uint32_t step) {
    const Operation& operation = steps_[step].operation;
    const std::uint8_t thread = steps_[step].thread;
    std::optional<DataRace> found;
    for (std::uint64_t granule = operation.object >> 3; granule <= (operation.object + operation.bytes - 1) >> 3; ++granule) {
        Granule& place = granules_[granule];
        if (place.stamp != stamp_) place.seen.clear(), place.stamp = stamp_;
        bool replaced = false;
        for (std::uint32_t i = 0; i < place.seen.size(); ++i) {
            Seen& each = place.seen[i];
            const Operation& other = steps_[each.step].operation;
            if (each.thread == thread) {
                const bool same = other.object == operation.object && other.bytes == operation.bytes &&
                                  writes(other) == writes(operation) && is_atomic(other) == is_atomic(operation);
                if (same) journal_.set(each.step, step), replaced = true;
                continue;
            }
            if (found || !trace::overlap(other, operation) || !(writes(other) || writes(operation)) ||
                (is_atomic(other) && is_atomic(operation)) || clocks_[thread][each.thread] >= ordinal_[each.step]) {
                continue;
            }
            if (is_new(other.pc, operation.pc)) found = DataRace{each.step, step};
        }
        if (!replaced) place.seen.add(journal_) = {step, thread};
    }
    return found;
}

void RaceCheck::begin(std::uint32_t threads) {
    journal_.clear();
    threads_ = threads;
    for (std::vector<Clock>* each : {&clocks_, &at_fence_, &seen_relaxed_}) {
        each->resize(threads_);
        for (Clock& clock : *each) clock.assign(threads_, 0);
    }
    ++stamp_;
}

std::optional<DataRace> RaceCheck::look_at(std::uint32_t step) {
    const Operation& operation = steps_[step].operation;
    const std::uint32_t thread = steps_[step].thread;
    std::uint32_t& now = clocks_[thread][thread];
    journal_.set(now, now + 1);
    ordinal_.push_back(now);
    if (!trace::is_access(operation.kind)) {
        synchronize(step);
        return std::nullopt;
    }
    if (is_atomic(operation)) {
        atomic(operation, thread);
    } else if (writes(operation) && !stores_.empty()) {
        plain_write(operation);
    }
    return access(step);
}

std::optional<DataRace> RaceCheck::find(const Execution& execution, std::uint32_t known) {
    steps_ = execution.steps;
    journal_.back_to(execution.threads == threads_ ? known : 0);
    if (journal_.steps() == 0) begin(execution.threads);
    ordinal_.resize(journal_.steps());
    for (std::uint32_t step = journal_.steps(); step < steps_.size(); ++step) {
        journal_.begin_step();
        const auto race = look_at(step);
        if (!race) continue;
        journal_.back_to(step);  // it may be in another one, too
        return race;
    }
    return std::nullopt;
}

}  // namespace heddle::explore
