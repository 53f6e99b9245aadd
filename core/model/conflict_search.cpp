#include "core/model/conflict_search.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/trace/shared_mappings.h"

namespace heddle::model {

using trace::CallId;
using trace::Kind;
using trace::ThreadIndex;

namespace {

// A thread that is still inside a lock call at the end of a recording, of a lock that it holds itself, may just have been cut
// off in the middle of taking a recursive one; one that has stayed there as long as this has not.
constexpr Nanoseconds kSurelyWaiting{10'000'000};

race::RaceOptions race_options(const ConflictOptions& options, race::SharedMemory shared) {
    race::RaceOptions result;
    result.order.shared = std::move(shared);
    if (options.controlled) result.order.stamp_slack = Nanoseconds{0};
    return result;
}

race::WaitedFor waited_for(CallId call) {
    switch (call) {
        case CallId::kMutexLock:
            return race::WaitedFor::kMutex;
        case CallId::kRwlockReadLock:
        case CallId::kRwlockWriteLock:
            return race::WaitedFor::kReadWriteLock;
        case CallId::kSpinLock:
            return race::WaitedFor::kSpinLock;
        case CallId::kThreadJoin:
            return race::WaitedFor::kThread;
        default:
            return race::WaitedFor::kOther;
    }
}

bool sends(CallId call) {
    return call == CallId::kWrite || call == CallId::kSend || call == CallId::kClose;
}

bool receives(CallId call) {
    return call == CallId::kRead || call == CallId::kReceive || call == CallId::kAccept || call == CallId::kPoll ||
           call == CallId::kSelect || call == CallId::kEpollWait;
}

}  // namespace

// What each process has mapped that others may have, too, at the event looked at.
struct ConflictSearch::SharedMemory {
    std::unordered_map<ProcessId, trace::SharedMappings> mappings;
    std::unordered_map<std::uint64_t, std::uint64_t> numbers;  // of objects
    std::vector<trace::SharedPlace> told;                      // by thread
    bool any = false;

    void add(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads);
    std::optional<std::uint64_t> common(ProcessId process, std::uint64_t address);
};

void ConflictSearch::SharedMemory::add(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads) {
    if (event.thread >= threads.size()) return;
    const ProcessId process = threads[event.thread].pid;
    if (event.kind() == Kind::kProcessStart) {
        trace::SharedMappings inherited;
        const auto parent = mappings.find(ProcessId(static_cast<std::int32_t>(event.value)));
        const bool forked = event.detail() == static_cast<std::uint8_t>(trace::StartKind::kForked);
        if (forked && parent != mappings.end()) inherited = parent->second;
        mappings[process] = std::move(inherited);
        return;
    }
    const auto call = static_cast<CallId>(event.detail());
    if (event.kind() != Kind::kCallEnd || !trace::changes_mappings(call)) return;
    any = any || call == CallId::kSharedObject;
    if (told.size() <= event.thread) told.resize(event.thread + std::size_t{1});
    mappings[process].on_call(call, event.address, static_cast<std::int64_t>(event.value), told[event.thread]);
}

// Each object has a part of an address space of its own.
std::optional<std::uint64_t> ConflictSearch::SharedMemory::common(ProcessId process, std::uint64_t address) {
    constexpr unsigned kObjectShift = 44;
    if (!any) return std::nullopt;
    const auto of_process = mappings.find(process);
    if (of_process == mappings.end()) return std::nullopt;
    const auto place = of_process->second.find(address);
    if (!place) return std::nullopt;
    const std::uint64_t number = numbers.try_emplace(place->object, numbers.size() + 1).first->second;
    return (number << kObjectShift) + place->offset;
}

ConflictSearch::ConflictSearch(ConflictOptions options)
    : options_(options),
      shared_(std::make_shared<SharedMemory>()),
      races_(race_options(options,
                          [shared = shared_](ProcessId process, std::uint64_t at) { return shared->common(process, at); })),
      order_([shared = shared_](ProcessId process, std::uint64_t at) { return shared->common(process, at); }) {}

void ConflictSearch::look(const trace::EventLogView& log, std::uint64_t until) {
    until = std::min(until, log.size());
    const std::span<const trace::ThreadInfo> threads = log.threads();
    while (looked_at_ < until) {
        const auto chunk = log.chunk_from(looked_at_);
        const std::uint64_t count = std::min<std::uint64_t>(chunk.size(), until - looked_at_);
        for (std::uint64_t i = 0; i < count; ++i, ++looked_at_) {
            const trace::PackedEvent& event = chunk[i];
            if (event.kind() == Kind::kCallEnd || event.kind() == Kind::kProcessStart) shared_->add(event, threads);
            if (looked_at_ < options_.events) races_.add(event, looked_at_, threads);
            if (event.kind() == Kind::kCallBegin || event.kind() == Kind::kCallEnd) {
                if (looked_at_ < options_.events) message(event);
            } else if (event.kind() < Kind::kCallBegin) {
                continue;
            }
            order_.add(event, looked_at_, threads);
            follow(event, looked_at_, threads);
        }
    }
    if (until > 0) last_ = log.time(until - 1);
}

// Who read what from which pipe, socket or file is not followed: all that was written so far happens before whatever is read.
// That hides a race at worst.
void ConflictSearch::message(const trace::PackedEvent& event) {
    constexpr std::uint64_t kAnyChannel = 0;
    const auto call = static_cast<CallId>(event.detail());
    if (event.kind() == Kind::kCallBegin && sends(call)) races_.message_sent(ThreadIndex{event.thread}, kAnyChannel);
    if (event.kind() == Kind::kCallEnd && receives(call)) races_.message_received(ThreadIndex{event.thread}, kAnyChannel);
}

void ConflictSearch::follow(const trace::PackedEvent& event, std::uint64_t index, std::span<const trace::ThreadInfo> threads) {
    if (event.thread >= threads.size()) return;
    if (threads_.size() <= event.thread) threads_.resize(event.thread + std::size_t{1});
    Thread& thread = threads_[event.thread];
    thread.process = threads[event.thread].pid;
    const auto call = static_cast<CallId>(event.detail());
    switch (event.kind()) {
        case Kind::kCallBegin:
            if (waited_for(call) == race::WaitedFor::kOther) break;
            thread.request = {call, event.address, index, Nanoseconds(event.nanoseconds), {}};
            if (order_.knows(ThreadIndex{event.thread}))
                thread.request.place = order_.place(ThreadIndex{event.thread}, event.address);
            break;
        case Kind::kCallEnd:
            if (call == thread.request.call) thread.request = {};
            break;
        case Kind::kThreadStart:
            thread.handle = event.address;
            break;
        case Kind::kThreadEnd:
        case Kind::kProcessEnd:
        case Kind::kProcessStart:
            thread.request = {};
            break;
        default:
            break;
    }
}

race::Wait ConflictSearch::wait_of(std::uint32_t waiter) const {
    const Thread& thread = threads_[waiter];
    race::Wait wait{ThreadIndex{waiter}, waited_for(thread.request.call), thread.request.object, {}};
    for (std::uint32_t other = 0; other < threads_.size(); ++other) {
        if (wait.kind == race::WaitedFor::kThread) {
            if (threads_[other].process == thread.process && threads_[other].handle == wait.object && other != waiter)
                wait.holders.push_back(ThreadIndex{other});
            continue;
        }
        const auto held = order_.held(ThreadIndex{other});
        const bool holds = std::any_of(held.begin(), held.end(), [&](const race::LockUse& lock) {
            return lock.lock == thread.request.place && (lock.exclusive || thread.request.call != CallId::kRwlockReadLock);
        });
        if (holds && (other != waiter || last_ - thread.request.time > kSurelyWaiting))
            wait.holders.push_back(ThreadIndex{other});
    }
    return wait;
}

std::vector<ConflictSearch::Deadlock> ConflictSearch::deadlocks() const {
    std::vector<race::Wait> waits;
    for (std::uint32_t thread = 0; thread < threads_.size(); ++thread)
        if (threads_[thread].request.call != CallId::kNone) waits.push_back(wait_of(thread));
    std::vector<Deadlock> deadlocks;
    for (race::WaitCycle& cycle : race::find_wait_cycles(waits)) {
        Deadlock deadlock;
        for (const race::WaitStep& step : cycle.steps) {
            deadlock.requests.push_back(threads_[step.thread.value].request.event);
            deadlock.closed_by = std::max(deadlock.closed_by, deadlock.requests.back());
        }
        deadlock.cycle = std::move(cycle);
        deadlocks.push_back(std::move(deadlock));
    }
    return deadlocks;
}

}  // namespace heddle::model
