#include "core/fibers/synchronization.h"

#include <errno.h>

#include "core/fibers/heap_faults.h"
#include "core/fibers/lock_of_several.h"

namespace heddle::fibers {

namespace flags = trace::operation_flags;
using trace::Ending;

Operation operation_on(OperationKind kind, const volatile void* object, std::uint64_t pc) {
    Operation operation;
    operation.kind = kind;
    operation.object = key(object);
    operation.pc = pc;
    return operation;
}

Object& usable(const volatile void* lock, OperationKind kind, std::uint64_t pc) {
    check_use(kind, key(lock), 1, pc);
    Object& object = object_at(key(lock));
    if (object.destroyed) {
        g_board->object = key(lock);
        end_execution(Ending::kMisuse, 0, pc, ending_text::kUsedDestroyed.words);
    }
    return object;
}

void hold(Object& object, bool shared) {
    Fiber& fiber = current();
    if (shared) {
        object.readers |= std::uint64_t{1} << g_current;
    } else {
        const auto me = static_cast<std::int32_t>(g_current) + 1;
        if (object.owner != me) object.depth = 0;  // of one that ended with it
        object.owner = me;
        ++object.depth;
    }
    ++fiber.held_locks;
    fiber.last_lock = object.address;
    made_progress();
}

int take(const volatile void* lock, OperationKind kind, std::uint64_t pc) {
    const bool shared = kind == OperationKind::kReadLock || kind == OperationKind::kTryReadLock;
    Object& object = usable(lock, kind, pc);
    if (!shared && object.recursive && object.owner == static_cast<std::int32_t>(g_current) + 1) {
        hold(object, false);
        return 0;
    }
    const bool tries = kind == OperationKind::kTryLock || kind == OperationKind::kTryReadLock;
    Operation operation = operation_on(kind, lock, pc);
    const std::uint64_t meanwhile = announce_part(operation);
    if (tries) before_look(operation);
    perform(operation);
    check_use(kind, key(lock), 1, pc);
    if (tries && !lock_is_free(object, g_current, shared)) {
        last_step().operation.flags |= flags::kFailed;
        if (meanwhile != 0) {
            give_back(meanwhile, operation);
        } else {
            after_look(operation, 0);
        }
        return EBUSY;
    }
    note_taken(operation);
    hold(object, shared);
    return 0;
}

bool take_unless(bool (*done)(const volatile void* lock), const volatile void* lock, std::uint64_t pc) {
    Object& object = usable(lock, OperationKind::kLock, pc);
    Operation operation = operation_on(OperationKind::kLock, lock, pc);
    if (done(lock)) operation.flags |= flags::kOnlyLooks;
    perform(operation);
    check_use(OperationKind::kLock, key(lock), 1, pc);
    if (done(lock)) return false;
    hold(object, false);
    return true;
}

void note_done(const volatile void* lock) {
    const std::uint64_t identity = identity_of(key(lock));
    for (Fiber& fiber : g_fibers) {
        const bool waits = fiber.alive && fiber.pending.kind == OperationKind::kLock && fiber.identity == identity;
        if (waits) fiber.pending.flags |= flags::kOnlyLooks;
    }
}

void let_go(Object& object, std::uint64_t pc) {
    const std::uint64_t bit = std::uint64_t{1} << g_current;
    if (object.owner == static_cast<std::int32_t>(g_current) + 1) {
        if (--object.depth == 0) object.owner = 0;
    } else if ((object.readers & bit) != 0) {
        object.readers &= ~bit;
    } else {
        g_board->object = object.address;
        end_execution(Ending::kMisuse, 0, pc, ending_text::kNotHeld.words);
    }
    --current().held_locks;
    made_progress();
}

int release_lock(const volatile void* lock, std::uint64_t pc) {
    if (was_given_back(key(lock))) return 0;
    Object& object = usable(lock, OperationKind::kUnlock, pc);
    if (!(object.recursive && object.depth > 1)) perform(operation_on(OperationKind::kUnlock, lock, pc));
    check_use(OperationKind::kUnlock, key(lock), 1, pc);
    note_released(key(lock));
    let_go(object, pc);
    return 0;
}

int destroy(const volatile void* lock, std::uint64_t pc) {
    Object& object = object_at(key(lock));
    if (object.owner != 0 || object.readers != 0) {
        g_board->object = key(lock);
        end_execution(Ending::kMisuse, 0, pc, ending_text::kDestroyedLocked.words);
    }
    object.destroyed = true;
    return 0;
}

void forget(const volatile void* lock) {
    Object& object = object_at(key(lock));
    const std::uint64_t address = object.address;
    object = Object{};
    object.address = address;
}

std::uint32_t wake(std::uint32_t first, std::uint32_t most) {
    std::uint8_t waiting[trace::kMostFibers];
    const std::uint32_t count = waiters_of(current().identity, waiting);
    for (std::uint32_t i = first; i < count && i - first < most; ++i) {
        Fiber& waiter = g_fibers[waiting[i]];
        waiter.signalled = true;
        waiter.woken_by = g_board->step_count;
        if (stands_in_queue(waiter)) waiter.pending.value = g_board->step_count;
    }
    return count;
}

}  // namespace heddle::fibers
