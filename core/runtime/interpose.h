// What all interposers share: recording a call before and after the real one, errno untouched. An interposer is:
//   note begin; result = real::f(…); note end.
// Called on the program's own threads. `pc` is the program's call site.
#pragma once

#include <errno.h>

#include "core/runtime/emit.h"
#include "core/runtime/gate.h"
#include "core/runtime/real.h"

namespace heddle::runtime {

using trace::CallId;

inline bool records_calls(const ThreadState& thread) {
    return thread.quiet == 0 && thread.phase != Phase::kOff;
}

// The real call comes to the gate, where there is one, and is told from where.
inline void note_caller(std::uintptr_t pc) {
    if (__builtin_expect(gate::g_present, 0)) *gate::g_caller = pc, self().at_gate = pc != 0;
}

inline void call_begin(CallId id, std::uintptr_t object, std::uint64_t argument, std::uintptr_t pc) {
    real::ensure();
    ThreadState& thread = self();
    if (records_calls(thread)) {
        emit(thread, trace::Kind::kCallBegin, static_cast<std::uint8_t>(id), pc, object, argument);
    }
    note_caller(pc);
}

inline void call_end(CallId id, std::uintptr_t object, std::int64_t result, std::uintptr_t pc) {
    ThreadState& thread = self();
    note_caller(0);
    if (records_calls(thread)) {
        emit<Stamp::kAfterwards>(thread, trace::Kind::kCallEnd, static_cast<std::uint8_t>(id), pc, object,
                                 static_cast<std::uint64_t>(result));
    }
}

// libc's own calls under this one are not the program's.
class Quiet {
public:
    Quiet() { ++self().quiet; }
    ~Quiet() { --self().quiet; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
};

// Around a function that returns 0 or an error number (pthreads).
template <typename Function>
inline int pthread_call(CallId id, const volatile void* object, std::uint64_t argument, std::uintptr_t pc, Function function) {
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    call_begin(id, address, argument, pc);
    const int error = function();
    call_end(id, address, -static_cast<std::int64_t>(error), pc);
    return error;
}
// The same for one that neither blocks nor waits: the end is all there is to see.
template <typename Function>
inline int pthread_end_only(CallId id, const volatile void* object, std::uintptr_t pc, Function function) {
    real::ensure();
    note_caller(pc);
    const int error = function();
    call_end(id, reinterpret_cast<std::uintptr_t>(object), -static_cast<std::int64_t>(error), pc);
    return error;
}

// Around a function that returns -1 and sets errno.
template <typename Function>
inline auto errno_call(CallId id, const volatile void* object, std::uint64_t argument, std::uintptr_t pc, Function function) {
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    call_begin(id, address, argument, pc);
    const auto result = function();
    call_end(id, address, result == -1 ? -static_cast<std::int64_t>(errno) : static_cast<std::int64_t>(result), pc);
    return result;
}
template <typename Function>
inline auto errno_end_only(CallId id, const volatile void* object, std::uintptr_t pc, Function function) {
    real::ensure();
    note_caller(pc);
    const auto result = function();
    call_end(id, reinterpret_cast<std::uintptr_t>(object),
             result == -1 ? -static_cast<std::int64_t>(errno) : static_cast<std::int64_t>(result), pc);
    return result;
}

}  // namespace heddle::runtime
