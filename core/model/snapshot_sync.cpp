// What threads hold and wait for, by name, and the circles in it.
#include <algorithm>

#include "core/model/naming.h"
#include "core/model/snapshot_maker.h"
#include "core/race/wait_for.h"

namespace heddle::model {
namespace {

constexpr std::size_t kMostObjects = 64;

bool lives(const World& world, Number thread) {
    return world.thread(thread).state != ThreadState::kTerminated;
}

std::vector<Number> living(const World& world, const std::vector<Number>& threads) {
    std::vector<Number> result;
    for (const Number thread : threads)
        if (lives(world, thread)) result.push_back(thread);
    return result;
}

// What keeps a waiting thread from going on, where threads do.
race::WaitedFor waited_for(SyncKind kind) {
    switch (kind) {
        case SyncKind::kMutex:
            return race::WaitedFor::kMutex;
        case SyncKind::kReadWrite:
            return race::WaitedFor::kReadWriteLock;
        case SyncKind::kSpin:
            return race::WaitedFor::kSpinLock;
        case SyncKind::kThread:
            return race::WaitedFor::kThread;
        case SyncKind::kCondition:
            return race::WaitedFor::kCondition;
        case SyncKind::kSemaphore:
            return race::WaitedFor::kSemaphore;
        case SyncKind::kBarrier:
            return race::WaitedFor::kBarrier;
        case SyncKind::kOnce:
        case SyncKind::kFutex:
            break;
    }
    return race::WaitedFor::kOther;
}

Sentence cycle_sentence(const std::vector<WaitCycleView::Step>& steps, const std::vector<SyncView>& sync) {
    const auto thread = [&](std::size_t i) { return thread_text(steps[i].thread); };
    const auto object = [&](std::size_t i) { return sync[steps[i].object].name; };
    if (steps.size() == 1) return {"sync.cycle.self", {{"thread", thread(0)}, {"name", object(0)}}, kNobody};
    const bool joins =
        std::any_of(steps.begin(), steps.end(), [&](const auto& step) { return sync[step.object].kind == SyncKind::kThread; });
    if (steps.size() == 2 && !joins) {
        return {"sync.cycle.two",
                {{"first", thread(0)}, {"first_lock", object(1)}, {"second", thread(1)}, {"second_lock", object(0)}},
                kNobody};
    }
    std::string circle;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        circle += joined({thread(i), " → "});
        if (sync[steps[i].object].kind != SyncKind::kThread) circle += joined({object(i), " → "});
    }
    return {"sync.cycle.circle", {{"n", std::to_string(steps.size())}, {"circle", circle + thread(0)}}, kNobody};
}

}  // namespace

SyncView SnapshotMaker::sync_object(const ProcessWorld& process, std::uint64_t address, const LockWorld& lock) const {
    SyncView view;
    view.process = process.number;
    view.kind = lock.kind;
    view.address = address;
    view.name = name_address(now_, process, program(process), address).name;
    view.shared = lock.owner == kNobody && !lock.readers.empty();
    view.holders = lock.owner ? std::vector<Number>{lock.owner} : lock.readers;
    view.waiters = living(now_, lock.waiters);
    if (lock.permits) view.permits = std::max<std::int64_t>(0, *lock.permits);
    view.parties = lock.parties;
    view.rounds = lock.rounds;
    if (lock.mutex) view.mutex = name_address(now_, process, program(process), lock.mutex).name;
    view.changed = process.number == access_.process && address == sync_address_;
    return view;
}

// The C++ library sets itself up by once's of its own.
bool SnapshotMaker::is_libraries_own(const ProcessWorld& process, std::uint64_t address) const {
    return !name_address(now_, process, program(process), address).known;
}

// Threads that somebody waits for with join.
void SnapshotMaker::add_joins(const ProcessWorld& process, std::vector<SyncView>& out) const {
    for (const Number waiter : process.threads) {
        const ThreadWorld& thread = now_.thread(waiter);
        const OpenCall* call = thread.open_call();
        if (!call || call->call != trace::CallId::kThreadJoin || thread.state == ThreadState::kTerminated) continue;
        for (const Number joined : process.threads) {
            if (joined == waiter || now_.thread(joined).handle != call->object || !lives(now_, joined)) continue;
            SyncView view;
            view.process = process.number;
            view.kind = SyncKind::kThread;
            view.address = call->object;
            view.name = thread_text(joined);
            view.holders = {joined};
            view.waiters = {waiter};
            out.push_back(std::move(view));
        }
    }
}

// A program may have thousands of locks, of which few matter at one instant.
void SnapshotMaker::add_sync(Snapshot& out) const {
    for (Number number = 1; number <= static_cast<Number>(now_.process_count()); ++number) {
        const ProcessWorld& process = now_.process(number);
        const auto& locks = *process.locks;
        const bool all = out.sync.size() + locks.size() <= kMostObjects;
        for (const auto& [address, lock] : locks) {
            const bool matters = lock.owner || !lock.readers.empty() || !lock.waiters.empty();
            if (lock.kind == SyncKind::kOnce && !matters && is_libraries_own(process, address)) continue;
            if (out.sync.size() < kMostObjects && (all || matters)) {
                out.sync.push_back(sync_object(process, address, lock));
            } else {
                ++out.sync_left_out;
            }
        }
    }
    for (Number number = 1; number <= static_cast<Number>(now_.process_count()); ++number)
        add_joins(now_.process(number), out.sync);
    add_wait_cycles(out);
}

void SnapshotMaker::add_wait_cycles(Snapshot& out) const {
    std::vector<race::Wait> waits;
    std::map<std::pair<Number, std::uint64_t>, std::size_t> object_of;
    for (std::size_t i = 0; i < out.sync.size(); ++i) {
        const SyncView& object = out.sync[i];
        object_of.emplace(std::pair(object.process, object.address), i);
        if (object.kind == SyncKind::kOnce) continue;
        for (const Number waiter : object.waiters) {
            // One in shared memory stands with each process: there its own threads wait.
            if (now_.thread(waiter).process != object.process) continue;
            race::Wait wait{
                trace::ThreadIndex{static_cast<std::uint32_t>(waiter)}, waited_for(object.kind), object.address, {}};
            for (const Number holder : object.holders)
                wait.holders.push_back(trace::ThreadIndex{static_cast<std::uint32_t>(holder)});
            // A thread inside the taking of what it holds already: a recursive lock, unless it really waits.
            if (object.holders == std::vector<Number>{waiter} && now_.thread(waiter).state != ThreadState::kWaiting) continue;
            waits.push_back(std::move(wait));
        }
    }
    for (const race::WaitCycle& cycle : race::find_wait_cycles(waits)) {
        WaitCycleView view;
        for (const race::WaitStep& step : cycle.steps) {
            const auto thread = static_cast<Number>(step.thread.value);
            const std::size_t object = object_of.at({now_.thread(thread).process, step.wanted});
            view.steps.push_back({thread, object});
            out.sync[object].in_cycle = true;
        }
        view.sentence = cycle_sentence(view.steps, out.sync);
        out.wait_cycles.push_back(std::move(view));
    }
}

}  // namespace heddle::model
