// What the interposed synchronization calls share: operations on an object, taking and letting go of locks, waking who waits.
// Called from the interposed functions, on the fibers.
#pragma once

#include "core/fibers/carrier.h"
#include "core/fibers/objects.h"
#include "core/fibers/real.h"

namespace heddle::fibers {

inline std::uint64_t key(const volatile void* object) {
    return reinterpret_cast<std::uint64_t>(object);
}
Operation operation_on(OperationKind kind, const volatile void* object, std::uint64_t pc);

// The object of a lock or barrier that something is about to be done with; ends the execution when it was destroyed or freed.
Object& usable(const volatile void* lock, OperationKind kind, std::uint64_t pc);
// The lock is the running thread's from now on.
void hold(Object& object, bool shared);
// Takes a lock, or tries to (EBUSY).
int take(const volatile void* lock, OperationKind kind, std::uint64_t pc);
// Lets go without a step of its own.
void let_go(Object& object, std::uint64_t pc);
// On threads: a mutex that processes share. It tells itself whether it is free, where one of them stands at no gate, too.
bool is_between_processes(const pthread_mutex_t* mutex);
bool is_free_between_processes(const pthread_mutex_t* mutex);
// Takes the lock of what is done once, waiting for whoever does it; false: it is done, and the lock was only looked at.
bool take_unless(bool (*done)(const volatile void* lock), const volatile void* lock, std::uint64_t pc);
// It is done: nobody waits for the lock to hold it any more.
void note_done(const volatile void* lock);
int release_lock(const volatile void* lock, std::uint64_t pc);
int destroy(const volatile void* lock, std::uint64_t pc);
// What was known of an object at this address is over: a new one is there.
void forget(const volatile void* object);
// Of those that wait on the condition variable or futex word of the running thread's operation, in order of arrival: from the
// `first`-th on, `most` of them. Returns how many waited.
std::uint32_t wake(std::uint32_t first, std::uint32_t most);

// On threads the program's own object follows what the scheduler decided, and never blocks: `real` is the call itself.
template <typename Call>
int also(int result, Call real) {
    return g_on_threads && result == 0 ? real() : result;
}

}  // namespace heddle::fibers

// An interposed function that goes to libc outside an execution.
#define HEDDLE_CALL(type, name, parameters, arguments, action) \
    HEDDLE_EXPORT type name parameters {                       \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;  \
        HEDDLE_PASS_HOOK();                                    \
        return action;                                         \
    }
// The same for one on a lock, which on threads is taken or let go as well.
#define HEDDLE_LOCK(name, parameters, arguments, action) \
    HEDDLE_CALL(int, name, parameters, arguments, also(action, [&]() noexcept { return HEDDLE_REAL(name) arguments; }))
