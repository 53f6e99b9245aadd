// Accesses to a block of memory: by the hooks for ranges, and by the calls that copy and fill one. On the program's own
// threads.
#pragma once

#include "core/runtime/emit.h"
#include "core/trace/hooked_code.h"

namespace heddle::runtime {

extern trace::HookedCode g_hooked_code;

// hooks_access.cpp
void record_range(ThreadState& thread, trace::Kind kind, const void* pointer, std::uintptr_t bytes, std::uintptr_t pc);
void range_hook(trace::Kind kind, const void* pointer, std::uintptr_t bytes, std::uintptr_t pc);  // at the gate, too
// A library wrote one object of 1, 2, 4, 8 or 16 bytes for the program.
void record_stored(const void* pointer, std::uintptr_t bytes, std::uintptr_t pc);
// What a block holds that was just written; of a long one its beginning.
void record_contents(const void* pointer, std::uintptr_t bytes, std::uintptr_t pc);

// interpose_block.cpp. Record the access and do it.
void* copy_block(void* to, const void* from, std::size_t bytes, std::uintptr_t pc);
void* move_block(void* to, const void* from, std::size_t bytes, std::uintptr_t pc);
void* set_block(void* to, int value, std::size_t bytes, std::uintptr_t pc);

}  // namespace heddle::runtime
