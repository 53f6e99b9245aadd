// The gate, in Step: libheddle_fibers stands behind this library in the order of search and defines the same hooks and calls.
// Each hook asks there before it records, and the answer comes when it is the thread's turn; an interposed call comes there by
// itself, as its real function. Without it (Run) one test is all that a hook pays. Called from hooks, on any thread.
#pragma once

#include "core/runtime/emit.h"

namespace heddle::runtime::gate {

extern bool g_present;
// Where in the program the hook or call under way was called from (core/fibers/real.h); of the one thread that moves.
extern std::uint64_t* g_caller;

// Once, before the program's first hook.
void find();

template <typename T>
struct Atomics {
    T (*load)(const volatile T*, int);
    void (*store)(volatile T*, T, int);
    T (*exchange)(volatile T*, T, int);
    T (*fetch_add)(volatile T*, T, int);
    T (*fetch_sub)(volatile T*, T, int);
    T (*fetch_and)(volatile T*, T, int);
    T (*fetch_or)(volatile T*, T, int);
    T (*fetch_xor)(volatile T*, T, int);
    T (*fetch_nand)(volatile T*, T, int);
    int (*compare_exchange_strong)(volatile T*, T*, T, int, int);
};
template <typename T>
inline constinit Atomics<T> g_atomics{};

using Copy = void* (*)(void*, const void*, unsigned long);

struct Hooks {
    void (*read[5])(const void*);  // by log2 of the size
    void (*write[5])(const void*);
    void (*read_range)(const void*, unsigned long);
    void (*write_range)(const void*, unsigned long);
    Copy copy, move;
    int (*guard_acquire)(void*);
    void (*guard_release)(void*);
    void (*guard_abort)(void*);
    void (*fence)(int);
    void (*entry)(void*);
    void (*exit)();
    void (*before_free)(void*);
    // Around a signal handler (fibers/interruptions.h); room: kHandlerRoom bytes; restarts: set with SA_RESTART. False: not
    // now.
    bool (*begin_handler)(void* room, bool restarts);
    void (*end_handler)(void* room);
};
inline constexpr unsigned long kHandlerRoom = 128;
extern Hooks g_hooks;

inline bool holds(const ThreadState& thread) {
    return __builtin_expect(g_present, 0) && !thread.in_vfork;
}

// Does at the gate what `question` asks there. What this thread has stored by now is published first: others may look.
template <typename Question>
inline auto ask(ThreadState& thread, std::uintptr_t pc, Question question) {
    settle(thread);
    struct Caller {
        Caller(ThreadState& asking, std::uintptr_t pc) : thread(asking) { *g_caller = pc, thread.at_gate = true; }
        ~Caller() { *g_caller = 0, thread.at_gate = false; }
        ThreadState& thread;
    } const caller(thread, pc);
    return question();
}

// Before it is recorded that a block is freed: from then on another thread may be given it.
inline void before_free(void* block, std::uintptr_t pc) {
    if (!g_present) return;
    ThreadState& thread = self();
    if (holds(thread)) ask(thread, pc, [block] { g_hooks.before_free(block); });
}

}  // namespace heddle::runtime::gate
