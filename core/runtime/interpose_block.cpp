// memcpy, memmove and memset: Clang before version 15 calls them for every copy of a struct, both compilers for what the
// program itself copies, and neither puts a hook in front. A call from code with hooks is an access like any other; all others
// go straight on.
#include <string.h>

#include "core/runtime/hooked_block.h"
#include "core/runtime/interpose.h"

namespace heddle::runtime {

constinit trace::HookedCode g_hooked_code{};

namespace {

using trace::Kind;

// Before the real functions are known: at most a few calls of other libraries' constructors.
void copy_bytes(void* to, const void* from, std::size_t bytes) {
    auto* out = static_cast<volatile char*>(to);
    const auto* in = static_cast<const volatile char*>(from);
    if (out <= in) {
        for (std::size_t i = 0; i < bytes; ++i) out[i] = in[i];
    } else {
        for (std::size_t i = bytes; i-- > 0;) out[i] = in[i];
    }
}

// What no hook has announced is recorded; at the gate it is asked for first.
template <typename Real>
void* copy(const gate::Copy gate_copy, void* to, const void* from, std::size_t bytes, std::uintptr_t pc, Real real) {
    ThreadState& thread = self();
    const bool reads = !thread.announced.take(false, address_of(from), bytes, thread.head);
    const bool writes = !thread.announced.take(true, address_of(to), bytes, thread.head);
    if (reads && writes && gate::holds(thread)) {
        gate::ask(thread, pc, [&] { gate_copy(to, from, bytes); });
        record_range(thread, Kind::kReadRange, from, bytes, pc);
        record_range(thread, Kind::kWriteRange, to, bytes, pc);
        return to;
    }
    if (reads) range_hook(Kind::kReadRange, from, bytes, pc);
    if (writes) range_hook(Kind::kWriteRange, to, bytes, pc);
    return real();
}

}  // namespace

void* copy_block(void* to, const void* from, std::size_t bytes, std::uintptr_t pc) {
    return copy(gate::g_hooks.copy, to, from, bytes, pc, [&] { return real::memcpy(to, from, bytes); });
}

void* move_block(void* to, const void* from, std::size_t bytes, std::uintptr_t pc) {
    return copy(gate::g_hooks.move, to, from, bytes, pc, [&] { return real::memmove(to, from, bytes); });
}

void* set_block(void* to, int value, std::size_t bytes, std::uintptr_t pc) {
    ThreadState& thread = self();
    if (!thread.announced.take(true, address_of(to), bytes, thread.head)) range_hook(Kind::kWriteRange, to, bytes, pc);
    return real::memset(to, value, bytes);
}

}  // namespace heddle::runtime

using namespace heddle::runtime;

HEDDLE_EXPORT void* memcpy(void* to, const void* from, std::size_t bytes) noexcept {
    if (g_hooked_code.holds(HEDDLE_CALLER)) return copy_block(to, from, bytes, HEDDLE_CALLER);
    if (real::memcpy != nullptr) return real::memcpy(to, from, bytes);
    copy_bytes(to, from, bytes);
    return to;
}
HEDDLE_EXPORT void* memmove(void* to, const void* from, std::size_t bytes) noexcept {
    if (g_hooked_code.holds(HEDDLE_CALLER)) return move_block(to, from, bytes, HEDDLE_CALLER);
    if (real::memmove != nullptr) return real::memmove(to, from, bytes);
    copy_bytes(to, from, bytes);
    return to;
}
HEDDLE_EXPORT void* memset(void* to, int value, std::size_t bytes) noexcept {
    if (g_hooked_code.holds(HEDDLE_CALLER)) return set_block(to, value, bytes, HEDDLE_CALLER);
    if (real::memset != nullptr) return real::memset(to, value, bytes);
    for (std::size_t i = 0; i < bytes; ++i) static_cast<volatile char*>(to)[i] = static_cast<char>(value);
    return to;
}
