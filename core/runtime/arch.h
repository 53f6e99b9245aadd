// The architecture's share of the runtime: frame addresses, raw system calls, loads that may fault, 16-byte atomics, and the
// program counter of an interrupted context. x86-64 and aarch64; everything else of the runtime is portable.
// Called from hooks and signal handlers on any thread; never touches errno.
#pragma once

#include <errno.h>
#include <sys/ucontext.h>

#include <cstddef>
#include <cstdint>

namespace heddle::runtime::arch {

using Int128 = __int128;

// One row per load that may fault: the handler resumes at `resume` when the program counter is at `load`. Offsets are relative
// to the field itself, so the table needs no relocation.
struct FaultRow {
    std::int32_t load;
    std::int32_t resume;
};

#define HEDDLE_FAULT_ROW                                      \
    ".pushsection heddle_faults,\"a\",@progbits\n.balign 4\n" \
    ".long 1b - .\n.long 2b - .\n.popsection"

#if defined(__x86_64__)

// Loads 1 << kLog2 bytes (16: the low half) zero-extended; leaves 0 when the address faults and the fault handler skips it.
template <unsigned kLog2>
inline std::uint64_t load_may_fault(std::uintptr_t address) {
    std::uint64_t value = 0;
    if constexpr (kLog2 == 0) {
        asm volatile("1: movzbl (%1), %k0\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    } else if constexpr (kLog2 == 1) {
        asm volatile("1: movzwl (%1), %k0\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    } else if constexpr (kLog2 == 2) {
        asm volatile("1: movl (%1), %k0\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    } else {
        asm volatile("1: movq (%1), %0\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    }
    return value;
}

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
    long result;
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

// Asks for a cache line that will be written soon; the consumer on another CPU has it from the last lap.
inline void prefetch_for_write(const void* line) {
    asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(line)));
}

inline std::uintptr_t interrupted_pc(const void* context) {
    return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}
inline void set_interrupted_pc(void* context, std::uintptr_t pc) {
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(pc);
}

// The canonical frame address of the function whose frame record is at `frame_pointer`, and where its return address lies.
inline std::uintptr_t frame_address(std::uintptr_t frame_pointer) {
    return frame_pointer + 16;
}
inline std::uintptr_t return_slot(std::uintptr_t frame) {
    return frame - 8;
}

inline bool compare_exchange_128(volatile Int128* object, Int128* expected, Int128 desired) {
    bool ok;
    auto* words = reinterpret_cast<std::uint64_t*>(expected);
    asm volatile("lock cmpxchg16b %1"
                 : "=@ccz"(ok), "+m"(*object), "+a"(words[0]), "+d"(words[1])
                 : "b"(static_cast<std::uint64_t>(desired)), "c"(static_cast<std::uint64_t>(desired >> 64))
                 : "memory");
    return ok;
}

#elif defined(__aarch64__)

template <unsigned kLog2>
inline std::uint64_t load_may_fault(std::uintptr_t address) {
    std::uint64_t value = 0;
    if constexpr (kLog2 == 0) {
        asm volatile("1: ldrb %w0, [%1]\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    } else if constexpr (kLog2 == 1) {
        asm volatile("1: ldrh %w0, [%1]\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    } else if constexpr (kLog2 == 2) {
        asm volatile("1: ldr %w0, [%1]\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    } else {
        asm volatile("1: ldr %0, [%1]\n2:\n" HEDDLE_FAULT_ROW : "+&r"(value) : "r"(address) : "memory");
    }
    return value;
}

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
    register long x8 asm("x8") = number;
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    register long x4 asm("x4") = e;
    register long x5 asm("x5") = f;
    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}

inline void prefetch_for_write(const void* line) {
    __builtin_prefetch(line, 1);
}

inline std::uintptr_t interrupted_pc(const void* context) {
    return static_cast<const ucontext_t*>(context)->uc_mcontext.pc;
}
inline void set_interrupted_pc(void* context, std::uintptr_t pc) {
    static_cast<ucontext_t*>(context)->uc_mcontext.pc = pc;
}

// aarch64 keeps the frame record at the bottom of the frame; its address stands for the frame.
inline std::uintptr_t frame_address(std::uintptr_t frame_pointer) {
    return frame_pointer + 16;
}
inline std::uintptr_t return_slot(std::uintptr_t frame) {
    return frame - 8;
}

inline bool compare_exchange_128(volatile Int128* object, Int128* expected, Int128 desired) {
    std::uint64_t low, high;
    std::uint32_t failed;
    const auto want_low = static_cast<std::uint64_t>(*expected), want_high = static_cast<std::uint64_t>(*expected >> 64);
    for (;;) {
        asm volatile("ldaxp %0, %1, [%2]" : "=&r"(low), "=&r"(high) : "r"(object) : "memory");
        const bool equal = low == want_low && high == want_high;
        const auto put_low = equal ? static_cast<std::uint64_t>(desired) : low;
        const auto put_high = equal ? static_cast<std::uint64_t>(desired >> 64) : high;
        asm volatile("stlxp %w0, %1, %2, [%3]" : "=&r"(failed) : "r"(put_low), "r"(put_high), "r"(object) : "memory");
        if (failed != 0) continue;
        *expected = static_cast<Int128>(static_cast<unsigned __int128>(high) << 64 | low);
        return equal;
    }
}

#else
#error "Heddle supports x86-64 and aarch64"
#endif

}  // namespace heddle::runtime::arch
