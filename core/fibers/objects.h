// The synchronization objects of the program as the scheduler knows them: who holds a lock, how many permits a semaphore has,
// who waits. Kept by address in memory that is brought back before each execution. The program's own objects are left as they
// are, but for what their initial state tells.
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
    bool known_permits, destroyed, done, recursive, between_processes;
};

bool prepare_objects();  // before keep_memory()
Object& object_at(std::uint64_t address);

std::uint64_t digest_of_objects();

bool lock_is_free(const Object& object, std::uint32_t fiber, bool shared);
// What one thread holds is held by another: its copy, in the child of a fork.
void hand_over_objects(std::uint32_t from, std::uint32_t to);
// The fibers of this process that wait on this condition variable or futex word, and those of any process where it lies in
// memory that they share; in order of arrival. Returns how many.
std::uint32_t waiters_of(std::uint64_t address, std::uint8_t process, std::uint8_t (&out)[trace::kMostFibers]);
// A lock in these bytes of memory that somebody holds; 0: none.
std::uint64_t held_lock_in(std::uint64_t address, std::uint64_t bytes);
std::uint64_t next_ticket();

}  // namespace heddle::fibers
