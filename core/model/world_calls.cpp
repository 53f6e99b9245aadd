// Library calls: which are open, who owns which lock, which heap blocks there are.
#include <algorithm>

#include "core/model/wait_cause.h"
#include "core/model/world.h"

namespace heddle::model {

using trace::CallId;

namespace {

LockWorld::Kind kind_of(CallId call) {
    if (call >= CallId::kMutexInit && call <= CallId::kMutexUnlock) return LockWorld::Kind::kMutex;
    if (call >= CallId::kRwlockInit && call <= CallId::kRwlockUnlock) return LockWorld::Kind::kReadWrite;
    if (call >= CallId::kSpinInit && call <= CallId::kSpinUnlock) return LockWorld::Kind::kSpin;
    if (call >= CallId::kCondInit && call <= CallId::kCondBroadcast) return LockWorld::Kind::kCondition;
    if (call >= CallId::kBarrierInit && call <= CallId::kBarrierWait) return LockWorld::Kind::kBarrier;
    if (call >= CallId::kSemInit && call <= CallId::kSemPost) return LockWorld::Kind::kSemaphore;
    return LockWorld::Kind::kOther;
}

bool is_sync(CallId call) {
    return call >= CallId::kMutexInit && call <= CallId::kSemPost && call != CallId::kOnce;
}

bool waits_on_object(CallId call) {
    const Cause cause = cause_of_call(call);
    return is_sync(call) && cause != Cause::kNone;
}

void own(LockWorld& lock, Number thread) {
    if (lock.owner == thread) {
        ++lock.depth;
    } else {
        lock.owner = thread;
        lock.depth = 1;
    }
}

void release(LockWorld& lock, Number thread) {
    if (lock.owner == thread && --lock.depth > 0) return;
    lock.owner = kNobody;
    lock.depth = 0;
}

}  // namespace

void World::on(const trace::CallBegin& call, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    if (thread.open_call_count == ThreadWorld::kOpenCalls) {  // ends were lost: the oldest are over
        std::move(thread.open_calls.begin() + 1, thread.open_calls.end(), thread.open_calls.begin());
        --thread.open_call_count;
    }
    thread.open_calls[thread.open_call_count++] = {call.call, call.object, call.argument, context.pc, context.time};
    const bool blocks = !kernel_seen_ && would_block(process(thread.process), thread, call);
    if (is_sync(call.call)) lock_begins(edit_process(thread.process), thread.number, call);
    if (blocks && thread.state == ThreadState::kRunning) start_waiting(thread, context);
}

void World::on(const trace::CallEnd& call, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    OpenCall begun;
    for (std::size_t i = thread.open_call_count; i-- > 0;) {
        if (thread.open_calls[i].call != call.call) continue;
        begun = thread.open_calls[i];
        thread.open_call_count = static_cast<std::uint8_t>(i);
        break;
    }
    if (is_sync(call.call)) lock_ends(edit_process(thread.process), thread.number, call, begun);
    if (is_allocation(call.call) || is_deallocation(call.call))
        heap_changes(edit_process(thread.process), thread, call, context);
    if (call.call == CallId::kThreadCreate || call.call == CallId::kFork || call.call == CallId::kVfork ||
        call.call == CallId::kSpawn)
        admit_children(context.thread, context);
    if (call.call == CallId::kWait && call.result > 0)
        reap_waited(ProcessId(static_cast<std::int32_t>(call.result)), static_cast<int>(call.object), context);
}

void World::lock_begins(ProcessWorld& process, Number thread, const trace::CallBegin& call) {
    LockWorld& lock = process.locks.write()[call.object];
    lock.kind = kind_of(call.call);
    if (waits_on_object(call.call)) {
        std::erase(lock.waiters, thread);
        lock.waiters.push_back(thread);
    }
    if ((call.call == CallId::kCondWait || call.call == CallId::kCondTimedWait) && call.argument)
        release(process.locks.write()[call.argument], thread);
    if (call.call == CallId::kSemInit) lock.permits = static_cast<std::int64_t>(call.argument);
}

void World::lock_ends(ProcessWorld& process, Number thread, const trace::CallEnd& call, const OpenCall& begun) {
    LockWorld& lock = process.locks.write()[call.object];
    lock.kind = kind_of(call.call);
    std::erase(lock.waiters, thread);
    const bool done = call.result >= 0;
    switch (call.call) {
        case CallId::kMutexLock:
        case CallId::kMutexTryLock:
        case CallId::kMutexTimedLock:
        case CallId::kRwlockWriteLock:
        case CallId::kRwlockTryWriteLock:
        case CallId::kRwlockTimedWriteLock:
        case CallId::kSpinLock:
        case CallId::kSpinTryLock:
            if (done) own(lock, thread);
            break;
        case CallId::kMutexUnlock:
        case CallId::kSpinUnlock:
            if (done) release(lock, thread);
            break;
        case CallId::kRwlockReadLock:
        case CallId::kRwlockTryReadLock:
        case CallId::kRwlockTimedReadLock:
            if (done) lock.readers.push_back(thread);
            break;
        case CallId::kRwlockUnlock:
            if (const auto reader = std::find(lock.readers.begin(), lock.readers.end(), thread); reader != lock.readers.end()) {
                lock.readers.erase(reader);
            } else if (done) {
                release(lock, thread);
            }
            break;
        case CallId::kCondWait:
        case CallId::kCondTimedWait:  // whatever the result, the mutex is held again
            if (begun.argument) own(process.locks.write()[begun.argument], thread);
            break;
        case CallId::kSemInit:
            if (begun.call == CallId::kSemInit) lock.permits = static_cast<std::int64_t>(begun.argument);
            break;
        case CallId::kSemWait:
        case CallId::kSemTryWait:
        case CallId::kSemTimedWait:
            if (done && lock.permits > 0) --lock.permits;
            break;
        case CallId::kSemPost:
            if (done && lock.permits >= 0) ++lock.permits;
            break;
        case CallId::kMutexDestroy:
        case CallId::kRwlockDestroy:
        case CallId::kSpinDestroy:
        case CallId::kCondDestroy:
        case CallId::kBarrierDestroy:
        case CallId::kSemDestroy:
            process.locks.write().erase(call.object);
            break;
        default:
            break;
    }
}

void World::heap_changes(ProcessWorld& process, const ThreadWorld& thread, const trace::CallEnd& call, const Context& context) {
    if (call.object == 0 || call.result < 0) return;
    if (is_deallocation(call.call)) {
        process.heap.free(call.object);
        return;
    }
    HeapBlock block;
    block.address = call.object;
    block.size = static_cast<std::uint64_t>(call.result);
    block.event = context.index;
    block.owner = thread.number;
    std::size_t sites = 0;
    block.sites[sites++] = context.pc;
    for (std::size_t i = thread.stack.size(); i-- > 0 && sites < HeapBlock::kSites;)
        block.sites[sites++] = thread.stack[i].call_site;
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
    if (cause == Cause::kSemaphore) return found == process.locks->end() || found->second.permits <= 0;
    return true;
}

}  // namespace heddle::model
