// Which operations of different threads may come out differently in the other order. Pure; used by the search, by schedules and
// inside the explored program.
#pragma once

#include "core/trace/operation.h"

namespace heddle::trace {

// Whether the end of a pipe that is closed makes a difference to this: to a write whether anybody reads, to a read that does
// not wait whether anybody writes. One that waits gets what was written, or waits until all have closed. Nor does a close make
// one to another close of the same pipe: in either order the end is gone once the last descriptor is.
constexpr bool tells_of_end(const Operation& o, const Operation& close) {
    if (o.second >> 1 != close.second >> 1) return false;
    if ((close.flags & operation_flags::kReadEnd) != 0) return o.kind == OperationKind::kSend;
    return o.kind == OperationKind::kReceive && (o.flags & operation_flags::kDoesNotWait) != 0;
}

// Making and closing take and free the numbers of descriptors, of which the lowest free one is the process's next.
constexpr bool dependent_channel_operations(const Operation& a, const Operation& b) {
    using K = OperationKind;
    const auto numbers = [](const Operation& o) { return o.kind == K::kMakeChannel || o.kind == K::kClose; };
    if (numbers(a) && numbers(b) && a.value == b.value) return true;
    if (a.kind == K::kMakeChannel || b.kind == K::kMakeChannel) return false;
    if (is_on_any_channel(a) || is_on_any_channel(b)) return true;
    if (closes_pipe_end(a)) return tells_of_end(b, a);
    if (closes_pipe_end(b)) return tells_of_end(a, b);
    if (a.kind == K::kClose || b.kind == K::kClose) return a.second >> 1 == b.second >> 1;
    return a.second == b.second;
}

constexpr bool dependent_on_exit(const Operation& exit, const Operation& o) {
    using K = OperationKind;
    if (exit.object == 0) return true;  // what the others had not done yet they never do
    if (o.kind == K::kExit) return o.object == 0 || (exit.object & o.object & exit_bits::kPrints) != 0;
    if (o.kind == K::kOutput) return (exit.object & exit_bits::kPrints) != 0;
    if (is_channel_operation(o.kind))
        return (exit.object & exit_bits::kCloses) != 0 && o.kind != K::kMakeChannel && !closes_pipe_end(o);
    return tells_who_has_ended(o);
}

constexpr bool frees_object_of(const Operation& free, const Operation& o) {
    if (!is_in_memory(o.kind) && o.kind != OperationKind::kFree) return false;
    return o.object < free.object + free.value && free.object < o.object + (o.bytes == 0 ? 1 : o.bytes);
}

// Whether two operations of different threads on one object may come out differently in the other order. What only enables the
// other (an unlock before a lock, a post before a wait that it lets through, a thread's end before its join) is no dependence:
// that order cannot be turned around.
constexpr bool dependent(const Operation& a, const Operation& b) {
    using K = OperationKind;
    if (concerns_all_threads(a) || concerns_all_threads(b)) return true;
    if (a.kind == K::kExit) return dependent_on_exit(a, b);
    if (b.kind == K::kExit) return dependent_on_exit(b, a);
    if (a.kind == K::kFree) return frees_object_of(a, b);
    if (b.kind == K::kFree) return frees_object_of(b, a);
    if (is_access(a.kind) && is_access(b.kind)) {
        if (!overlap(a, b)) return false;
        if (a.kind != K::kRead || b.kind != K::kRead) return true;
        return ((a.flags | b.flags) & operation_flags::kSettles) != 0 && is_sequential(a) && is_sequential(b);
    }
    if (is_sequential_fence(a)) return is_sequential_fence(b) || (is_access(b.kind) && is_sequential(b));
    if (is_sequential_fence(b)) return dependent(b, a);
    // A futex call reads its word, and what it waits for is a wake on that word.
    const auto futex = [](const Operation& o) { return o.kind == K::kFutexWait || o.kind == K::kFutexWake; };
    if (futex(a) && futex(b)) return a.object == b.object;
    if (a.kind == K::kFutexWait && is_access(b.kind))
        return b.kind != K::kRead && a.object < b.object + b.bytes && b.object < a.object + 4;
    if (b.kind == K::kFutexWait && is_access(a.kind)) return dependent(b, a);
    // What lets a mutex go, or may do so once it is done, can be told by a try.
    const auto may_let_go = [](const Operation& o) {
        return o.kind == K::kWait || o.kind == K::kTimedWait || (o.kind == K::kTryLock && o.second != 0);
    };
    const auto tries = [](const Operation& o) { return o.kind == K::kTryLock || o.kind == K::kTryReadLock; };
    if (may_let_go(a) && tries(b) && a.second == b.object) return true;
    if (may_let_go(b) && tries(a) && b.second == a.object) return true;
    // Who waits for two locks at once is kept waiting, or let through, by whatever is done to either.
    const auto concerns_second = [&](const Operation& o, const Operation& other) {
        const std::uint64_t second = looks_also_at(o);
        return second != 0 &&
               ((is_lock_operation(other.kind) && other.object == second) || (may_let_go(other) && other.second == second));
    };
    if (concerns_second(a, b) || concerns_second(b, a)) return true;
    if (is_channel_operation(a.kind) && is_channel_operation(b.kind)) return dependent_channel_operations(a, b);
    if (tells_who_has_ended(a) && tells_who_has_ended(b)) return true;
    if (a.object != b.object) return false;
    if (is_lock_operation(a.kind) && is_lock_operation(b.kind)) {
        const auto reads = [](const Operation& o) {
            return o.kind == K::kReadLock || o.kind == K::kTryReadLock || (o.kind == K::kLock && !takes_lock_alone(o));
        };
        if (a.kind == K::kUnlock || b.kind == K::kUnlock) return tries(a) || tries(b);
        return !(reads(a) && reads(b));
    }
    if (is_permit_operation(a.kind) && is_permit_operation(b.kind)) {
        const bool post_a = a.kind == K::kReleasePermit, post_b = b.kind == K::kReleasePermit;
        if (post_a && post_b) return true;  // which of them lets a waiting thread through
        if (post_a || post_b) return a.kind == K::kTryAcquirePermit || b.kind == K::kTryAcquirePermit;
        return true;
    }
    if (is_condition_operation(a.kind) && is_condition_operation(b.kind)) return true;
    if (a.kind == K::kOutput && b.kind == K::kOutput) return true;
    if (is_file_operation(a.kind) && is_file_operation(b.kind)) return a.kind == K::kWriteFile || b.kind == K::kWriteFile;
    return false;
}

}  // namespace heddle::trace
