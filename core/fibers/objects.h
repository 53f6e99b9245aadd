// The synchronization objects of the program as the scheduler knows them: who holds a lock, how many permits a semaphore has,
// who waits. Kept by address in memory that is brought back before each execution; of those in memory that processes share,
// by their place there, in memory that these processes share, too. The program's own objects are left as they are, but for
// what their initial state tells.
#pragma once

#include <cstdint>

#include "core/fibers/scheduler.h"

namespace heddle::fibers {

struct Object {
    std::uint64_t address;
    std::int32_t owner;  // fiber + 1; 0 nobody
    std::int32_t depth;
    std::int64_t permits;
    std::uint64_t readers;  // bits
    std::uint64_t generation;
    std::uint32_t arrived, expected;
    bool known_permits, destroyed, done, recursive;
};

bool prepare_objects();  // before keep_memory()
void forget_shared_objects();
Object& object_at(std::uint64_t address);  // as the calling process has it

// The same for all that mean the same object: of one in memory that processes share, its place there (shared_memory.h); else
// its address, and on threads its process.
std::uint64_t identity_of(std::uint64_t address);
std::uint64_t own_identity(std::uint64_t address);  // where others never mean it
bool is_shared(std::uint64_t identity);
// Of what the fiber is about to do; it is one of the calling process, or what it does is_shared.
Object& object_of(const Fiber& fiber);

std::uint64_t digest_of_objects();
std::uint64_t digest_of_shared_objects();

bool lock_is_free(const Object& object, std::uint32_t fiber, bool shared);
// What one thread holds is held by another: its copy, in the child of a fork.
void hand_over_objects(std::uint32_t from, std::uint32_t to);
// The fibers that wait on this condition variable or futex word, in order of arrival. Returns how many.
std::uint32_t waiters_of(std::uint64_t identity, std::uint8_t (&out)[trace::kMostFibers]);
// Its pending operation is to go on from there; else a handler runs meanwhile.
bool stands_in_queue(const Fiber& fiber);
// A lock in these bytes of memory that somebody holds; 0: none.
std::uint64_t held_lock_in(std::uint64_t address, std::uint64_t bytes);
std::uint64_t next_ticket();

}  // namespace heddle::fibers
