// The thread pointer of the kernel thread that carries the fibers, of which each has local storage of its own. User code sets
// it by an instruction where the kernel knows of that (x86-64: Linux 5.9 and a processor with FSGSBASE), or where the machine
// beneath a kernel that does not know of it lets it; by a system call elsewhere. Called on the one kernel thread.
#pragma once

#include <cstdint>

namespace heddle::fibers {

inline constexpr char kThreadPointerVariable[] =
    "HEDDLE_THREAD_POINTER";  // "guarded", "system call": as if nothing else worked

extern std::uintptr_t g_thread_pointer;  // as it is to be
extern bool g_thread_pointer_by_call;

// Once, behind catch_faults() and before the first fiber. From here on no fault may be blocked.
void prepare_thread_pointer();
// The fault handler's first question: did the thread pointer only have to be set again? It is then.
bool mend_thread_pointer(std::uintptr_t fault);
void set_thread_pointer_by_call(std::uintptr_t value);

// The calling thread's.
inline std::uintptr_t thread_pointer() {
    return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
}

#if defined(__x86_64__)
inline void set_thread_pointer_by_instruction(std::uintptr_t value) {
    asm volatile("wrfsbase %0" : : "r"(value) : "memory");
}
#elif defined(__aarch64__)
inline void set_thread_pointer_by_instruction(std::uintptr_t value) {
    asm volatile("msr tpidr_el0, %0" : : "r"(value) : "memory");
}
#endif

inline void set_thread_pointer(std::uintptr_t value) {
    g_thread_pointer = value;
    if (g_thread_pointer_by_call) return set_thread_pointer_by_call(value);
    set_thread_pointer_by_instruction(value);
}

}  // namespace heddle::fibers
