// Which words of which thread's stack another thread has reached. A local is private until an access from another thread
// falls on it; from then on everybody's accesses to it are recorded, until the frame it lies in is entered anew.
// Called from access hooks on any thread.
#pragma once

#include "core/runtime/thread.h"

namespace heddle::runtime {

HEDDLE_HOT bool on_own_stack(const ThreadState& thread, std::uintptr_t address) {
    return address - thread.stack_low < thread.stack_bytes;
}

// For an address on the calling thread's own stack.
HEDDLE_HOT bool is_reached(const ThreadState& thread, std::uintptr_t address) {
    const auto* map = thread.block->reached.load(std::memory_order_relaxed);
    if (__builtin_expect(map == nullptr, 1)) return false;
    const std::uintptr_t word = (address - thread.stack_low) / 8;
    return (map[word / 64].load(std::memory_order_relaxed) >> (word % 64) & 1) != 0;
}

bool is_range_reached(const ThreadState& thread, std::uintptr_t address, std::uintptr_t bytes);

// For an address outside the calling thread's stack: marks it when it lies in some live thread's stack.
void mark_if_on_a_stack(std::uintptr_t address, std::uintptr_t bytes);
inline void note_foreign(std::uintptr_t address, std::uintptr_t bytes) {
    const auto stacks = g_stack_granules[(address >> kGranuleBits) % kGranules].load(std::memory_order_relaxed);
    if (__builtin_expect(stacks != 0, 0)) mark_if_on_a_stack(address, bytes);
}

// A new frame took [low, high) of the calling thread's stack: nobody has reached it yet.
void forget_frame(ThreadState& thread, std::uintptr_t low, std::uintptr_t high);

void register_stack(ThreadBlock& block, std::uintptr_t low, std::uintptr_t bytes);
void unregister_stack(ThreadBlock& block);

}  // namespace heddle::runtime
