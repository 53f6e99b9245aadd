// Library calls: which are open, and which heap blocks there are. Locks: lock_folding.h.
#include <algorithm>
#include <iterator>

#include "core/model/lock_folding.h"
#include "core/model/wait_cause.h"
#include "core/model/world.h"

namespace heddle::model {

using trace::CallId;

// In the process, and in each that has the same memory. other: a condition variable's mutex, where the call has one.
// change(locks, object, other): addressed as that process has them.
template <typename Change>
void World::lock_changes(Number process, std::uint64_t object, std::uint64_t other, Change change) {
    change(edit_process(process).locks.write(), object, other);
    const auto place = this->process(process).shared->find(object);
    if (!place) return;
    const auto place_of_other = this->process(process).shared->find(other);
    for (Number number = 1; number <= static_cast<Number>(processes_.size()); ++number) {
        if (this->process(number).reaped) continue;
        for (const std::uint64_t there : this->process(number).shared->addresses_of(*place)) {
            if (number == process && there == object) continue;
            std::uint64_t other_there = other;
            if (place_of_other) {
                const auto others = this->process(number).shared->addresses_of(*place_of_other);
                other_there = others.empty() ? 0 : others.back();
            }
            change(edit_process(number).locks.write(), there, other_there);
        }
    }
}

void World::on(const trace::CallBegin& call, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    if (thread.open_call_count == ThreadWorld::kOpenCalls) {  // ends were lost: the oldest are over
        std::move(thread.open_calls.begin() + 1, thread.open_calls.end(), thread.open_calls.begin());
        --thread.open_call_count;
    }
    thread.open_calls[thread.open_call_count++] = {call.call, call.object, call.argument, context.pc, context.time};
    const bool blocks = !kernel_seen_ && would_block(process(thread.process), thread, call);
    if (is_sync(call.call, call.object)) {
        lock_changes(thread.process, call.object, call.argument, [&](Locks& locks, std::uint64_t object, std::uint64_t other) {
            trace::CallBegin there = call;
            there.object = object, there.argument = other;
            lock_begins(locks, thread.number, there);
        });
    }
    if (blocks && thread.state == ThreadState::kRunning) start_waiting(thread, context);
}

void World::on(const trace::CallEnd& call, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    OpenCall begun;
    for (std::size_t i = thread.open_call_count; i-- > 0;) {
        if (thread.open_calls[i].call != trace::begun_as(call.call)) continue;
        begun = thread.open_calls[i];
        thread.open_call_count = static_cast<std::uint8_t>(i);
        break;
    }
    if (is_sync(call.call, call.object)) {
        lock_changes(thread.process, call.object, begun.argument, [&](Locks& locks, std::uint64_t object, std::uint64_t other) {
            trace::CallEnd there = call;
            OpenCall begun_there = begun;
            there.object = object, begun_there.argument = other;
            lock_ends(locks, thread.number, there, begun_there);
        });
    }
    if (trace::changes_mappings(call.call)) mappings_change(thread, call, context);
    if (is_allocation(call.call) || is_deallocation(call.call))
        heap_changes(edit_process(thread.process), thread, call, context);
    if (call.call == CallId::kLibraryState && call.result >= 0 && call.result < std::ssize(trace::kLibraryStates))
        edit_process(thread.process).library_states[static_cast<std::size_t>(call.result)] = call.object;
    if (call.call == CallId::kThreadCreate || call.call == CallId::kFork || call.call == CallId::kVfork ||
        call.call == CallId::kSpawn)
        admit_children(context.thread, context);
    if (call.call == CallId::kWait && call.result > 0)
        reap_waited(ProcessId(static_cast<std::int32_t>(call.result)), static_cast<int>(call.object), context);
}

// A process that comes to have memory that others have, too, has the locks in it as they are.
void World::mappings_change(ThreadWorld& thread, const trace::CallEnd& call, const Context& context) {
    const trace::SharedPlace told = thread.told;
    trace::SharedMappings& mappings = edit_process(thread.process).shared.write();
    mappings.on_call(call.call, call.object, call.result, thread.told);
    if (told.object == 0 || !trace::maps_memory(call.call) || call.result <= 0) return;
    trace::SharedMappings::Sites sites{context.pc};
    std::size_t known = 1;
    for (std::size_t i = thread.stack.size(); i-- > 0 && known < sites.size();) sites[known++] = thread.stack[i].call_site;
    mappings.note_calls(call.object, sites);
    Locks here;
    for (Number number = 1; number <= static_cast<Number>(processes_.size()); ++number) {
        const ProcessWorld& each = process(number);
        if (each.shared->empty()) continue;
        for (const auto& [address, lock] : *each.locks) {
            const auto place = each.shared->find(address);
            if (!place || place->object != told.object) continue;
            const std::uint64_t from = place->offset - told.offset;
            if (from < static_cast<std::uint64_t>(call.result)) here.try_emplace(call.object + from, lock);
        }
    }
    if (!here.empty()) edit_process(thread.process).locks.write().merge(here);
}

void World::heap_changes(ProcessWorld& process, const ThreadWorld& thread, const trace::CallEnd& call, const Context& context) {
    if (call.object == 0 || call.result < 0) return;
    std::array<std::uint64_t, HeapBlock::kSites> sites{context.pc};
    std::size_t known = 1;
    for (std::size_t i = thread.stack.size(); i-- > 0 && known < sites.size();) sites[known++] = thread.stack[i].call_site;
    if (is_deallocation(call.call)) {
        if (FreedBlock* const freed = process.heap.free(call.object))
            freed->freed_by = thread.number, freed->freed = context.index, freed->freed_at = sites;
        return;
    }
    HeapBlock block;
    block.address = call.object;
    block.size = static_cast<std::uint64_t>(call.result);
    block.event = context.index;
    block.owner = thread.number;
    block.sites = sites;
    process.heap.allocate(block);
}

// Whether a call that has begun has to wait, as far as hooks alone can tell.
bool World::would_block(const ProcessWorld& process, const ThreadWorld& thread, const trace::CallBegin& call) const {
    const Cause cause = cause_of_call(call.call);
    if (cause == Cause::kNone || cause == Cause::kYield) return false;
    if (cause == Cause::kJoin) {
        return std::any_of(process.threads.begin(), process.threads.end(), [&](Number number) {
            return this->thread(number).handle == call.object && this->thread(number).state != ThreadState::kTerminated;
        });
    }
    const auto found = process.locks->find(call.object);
    if (cause == Cause::kLock) {
        if (found == process.locks->end()) return false;
        const LockWorld& lock = found->second;
        return (lock.owner != kNobody && lock.owner != thread.number) ||
               (!lock.readers.empty() && call.call >= CallId::kRwlockWriteLock && call.call <= CallId::kRwlockTimedWriteLock);
    }
    if (cause == Cause::kSemaphore) return found == process.locks->end() || found->second.permits.value_or(0) <= 0;
    return true;
}

}  // namespace heddle::model
