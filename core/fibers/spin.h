// Recognizing a thread that spins: it looks at the same again, in the same place with the same locals, and has changed nothing
// in between. It waits until something it looked at changes. Used by the scheduler, between two steps.
#pragma once

#include "core/fibers/scheduler.h"

namespace heddle::fibers {

inline std::uint64_t mix(std::uint64_t digest, std::uint64_t word) {
    digest = (digest ^ word) * 0x9e3779b97f4a7c15ULL;
    return digest ^ (digest >> 29);
}

// Over the program's own frames on the fiber's stack.
std::uint64_t stack_digest(const Fiber& fiber);
// The same but for the bytes that other threads write: what becomes of these the thread sees when it looks at them.
std::uint64_t own_stack_digest(const Fiber& fiber);
// What a thread is about to write. Of bytes on another one's stack that nobody else has written so far it makes the search
// begin anew: spins are known by the digests.
void note_written(std::uint32_t writer, const Operation& write);
// The first thing a spinning thread looked at that is different now; 0 none.
std::uint64_t changed_object(const Fiber& fiber);

}  // namespace heddle::fibers
