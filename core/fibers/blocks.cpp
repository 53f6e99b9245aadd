#include "core/fibers/blocks.h"

#include <string.h>

#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

// Counted from where the block begins, so that it has as many wherever it lies and a schedule means the same.
constexpr std::uint64_t kPart = 8;

constinit trace::HookedCode g_hooked_code{};

std::uint64_t key(const void* pointer) {
    return reinterpret_cast<std::uint64_t>(pointer);
}

std::uint64_t least(std::uint64_t a, std::uint64_t b) {
    return a < b ? a : b;
}

void announce_range(bool writes, const void* pointer, std::uint64_t bytes, std::uint64_t pc) {
    Fiber& fiber = current();
    const std::uint32_t before = fiber.tick;
    block_hook(writes, pointer, bytes, pc);
    fiber.announced.announce(writes, key(pointer), bytes, before, fiber.tick);
}

}  // namespace

// Part by part: what is read is what was there when it was read, also where another thread writes in between. Where the block
// overlaps the one it is copied to, from the end that is not written over first.
void copy_stepwise(void* to, const void* from, std::uint64_t bytes, std::uint64_t pc) {
    const bool backwards = key(to) > key(from) && key(to) < key(from) + bytes;
    const std::uint64_t parts = (bytes + kPart - 1) / kPart;
    Fiber& fiber = current();
    for (std::uint64_t done = 0; done < parts; ++done) {
        fiber.inside_block = done != 0;
        const std::uint64_t at = (backwards ? parts - done - 1 : done) * kPart, length = least(kPart, bytes - at);
        char part[kPart];
        part_hook(false, key(from) + at, length, done != 0, pc);
        HEDDLE_REAL(memcpy)(part, static_cast<const char*>(from) + at, length);
        part_hook(true, key(to) + at, length, done != 0, pc);
        HEDDLE_REAL(memcpy)(static_cast<char*>(to) + at, part, length);
    }
    fiber.inside_block = false;
    wrote_block(key(to), bytes);
}

namespace {

// What no hook has announced is a step, or several.
template <typename Real>
void* copy(void* to, const void* from, std::uint64_t bytes, std::uint64_t pc, Real real) {
    Fiber& fiber = current();
    const std::uint32_t tick = fiber.tick;
    const bool reads = !fiber.announced.take(false, key(from), bytes, tick);
    const bool writes = !fiber.announced.take(true, key(to), bytes, tick);
    if (reads && writes) {
        copy_stepwise(to, from, bytes, pc);
        return to;
    }
    if (reads) block_hook(false, from, bytes, pc);
    if (writes) block_hook(true, to, bytes, pc);
    return real();
}

void* copy_block(void* to, const void* from, std::uint64_t bytes, std::uint64_t pc) {
    return copy(to, from, bytes, pc, [&] { return HEDDLE_REAL(memcpy)(to, from, bytes); });
}
void* move_block(void* to, const void* from, std::uint64_t bytes, std::uint64_t pc) {
    return copy(to, from, bytes, pc, [&] { return HEDDLE_REAL(memmove)(to, from, bytes); });
}
void* set_block(void* to, int value, std::uint64_t bytes, std::uint64_t pc) {
    Fiber& fiber = current();
    if (!fiber.announced.take(true, key(to), bytes, fiber.tick)) block_hook(true, to, bytes, pc);
    return HEDDLE_REAL(memset)(to, value, bytes);
}

}  // namespace

void block_hook(bool writes, const void* pointer, std::uint64_t bytes, std::uint64_t pc) {
    Fiber& fiber = current();
    for (std::uint64_t at = 0; at < bytes; at += kPart) {
        fiber.inside_block = at != 0;
        part_hook(writes, key(pointer) + at, least(kPart, bytes - at), at != 0, pc);
    }
    fiber.inside_block = false;
    if (writes) wrote_block(key(pointer), bytes);
}

bool is_program_code(std::uint64_t pc) {
    return g_hooked_code.holds(pc);
}
bool is_constant(const void* pointer) {
    return g_hooked_code.is_constant(key(pointer));
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT void __tsan_init() {
    g_hooked_code.add_objects();
}

#define HEDDLE_RANGE_HOOK(name, writes)                     \
    HEDDLE_EXPORT void name(void* p, unsigned long bytes) { \
        if (!g_exploring) return;                           \
        HEDDLE_PASS_HOOK();                                 \
        announce_range(writes, p, bytes, HEDDLE_CALLER);    \
    }
HEDDLE_RANGE_HOOK(__tsan_read_range, false)
HEDDLE_RANGE_HOOK(__tsan_write_range, true)

// A call of its own, and one from code with hooks. The latter does not come here where the runtime stands in front, which asks
// by the former.
#define HEDDLE_BLOCK_CALL(name, action, parameters, arguments, ...)                       \
    HEDDLE_EXPORT void* __tsan_##name parameters {                                        \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                             \
        HEDDLE_PASS_HOOK();                                                               \
        return action(__VA_ARGS__, HEDDLE_CALLER);                                        \
    }                                                                                     \
    HEDDLE_EXPORT void* name parameters noexcept {                                        \
        const auto pc = reinterpret_cast<std::uint64_t>(__builtin_return_address(0));     \
        if (!g_exploring || !g_hooked_code.holds(pc)) return HEDDLE_REAL(name) arguments; \
        HEDDLE_PASS_HOOK();                                                               \
        return action(__VA_ARGS__, pc);                                                   \
    }
HEDDLE_BLOCK_CALL(memcpy, copy_block, (void* to, const void* from, unsigned long bytes), (to, from, bytes), to, from, bytes)
HEDDLE_BLOCK_CALL(memmove, move_block, (void* to, const void* from, unsigned long bytes), (to, from, bytes), to, from, bytes)
HEDDLE_BLOCK_CALL(memset, set_block, (void* to, int value, unsigned long bytes), (to, value, bytes), to, value, bytes)
