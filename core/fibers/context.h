// Switching between fibers: the callee-saved registers and the stack pointer. With thread_pointer.h the architecture's whole
// share of this library. Called on the one kernel thread that carries all fibers; makes no system call.
#pragma once

#include <sys/ucontext.h>

#include <cstdint>

namespace heddle::fibers {

// Saves the caller's registers on its stack, its stack pointer in *from, and goes on where `to` was saved.
extern "C" void heddle_switch(void** from, void* to);

#if defined(__x86_64__)

// A stack that, switched to, calls entry() with a correctly aligned stack and no caller.
inline void* prepare_stack(std::uintptr_t top, void (*entry)()) {
    auto* stack = reinterpret_cast<std::uint64_t*>(top & ~std::uintptr_t{15});
    *--stack = 0;  // entry's return address: none
    *--stack = reinterpret_cast<std::uint64_t>(entry);
    for (int i = 0; i < 6; ++i) *--stack = 0;  // rbp, rbx, r12 … r15
    *--stack = 0x1f80ULL | (0x037fULL << 32);  // mxcsr, x87 control word: their defaults
    return stack;
}
inline std::uintptr_t interrupted_pc(const void* context) {
    return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

#elif defined(__aarch64__)

inline void* prepare_stack(std::uintptr_t top, void (*entry)()) {
    auto* stack = reinterpret_cast<std::uint64_t*>((top & ~std::uintptr_t{15}) - 176);
    for (int i = 0; i < 22; ++i) stack[i] = 0;
    stack[11] = reinterpret_cast<std::uint64_t>(entry);  // x30
    return stack;
}
inline std::uintptr_t interrupted_pc(const void* context) {
    return static_cast<const ucontext_t*>(context)->uc_mcontext.pc;
}

#else
#error "Heddle supports x86-64 and aarch64"
#endif

}  // namespace heddle::fibers
