// Use after free, double and invalid free in Explore: what was freed in this execution, and by whom. No memory is used twice
// within one execution (memory.h), so that whoever touches what was freed is told, and ends the execution. Called on the
// fibers; never allocates.
#pragma once

#include <cstdint>

#include "core/fibers/scheduler.h"

namespace heddle::fibers {

extern std::uint32_t g_freed_blocks;  // in this execution

// Of what was freed, this many stay so: where an execution begins, or goes on from the one before it.
void keep_freed(std::uint32_t blocks);
// The step of a thread that is about to free a block. Not counted where libc frees for itself, which differs in Step.
void announce_free(void* block, std::uint64_t pc);
void note_freed(void* block, std::uint64_t bytes, std::uint64_t pc);
// The block is none that could be freed.
[[noreturn]] void end_with_bad_free(void* block, std::uint64_t pc);

void look_for_use_after_free(const Operation& access);
// Before an access is done: whether the memory was freed.
inline void check_use(OperationKind kind, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc) {
    if (g_freed_blocks == 0) return;
    Operation access;
    access.kind = kind;
    access.bytes = static_cast<std::uint8_t>(bytes);
    access.object = address;
    access.pc = pc;
    look_for_use_after_free(access);
}

}  // namespace heddle::fibers
