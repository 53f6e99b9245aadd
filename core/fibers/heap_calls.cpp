// The heap as the program calls it. In Explore its blocks lie at the same addresses in every execution, in memory that is
// brought back before each on fibers; in Step they are libc's, but for what was allocated before that was known.
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "core/fibers/carrier.h"
#include "core/fibers/heap_faults.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"

namespace heddle::fibers {
namespace {

void* room(std::size_t bytes, std::size_t alignment) {
    void* const block = allocate(g_exploring ? g_current : 0, bytes, alignment);
    if (block == nullptr) {
        if (g_exploring) end_execution(trace::Ending::kMemoryLimit, 0, 0, ending_text::kThreadHeap.words);
        errno = ENOMEM;
    }
    return block;
}

void give_back(void* block, std::uint64_t pc) {
    const bool explored = g_exploring && g_searching;
    if (explored) announce_free(block, pc);
    const std::size_t bytes = block_bytes(block);
    if (release(block)) {
        if (explored) note_freed(block, bytes, pc);
        return;
    }
    if (!g_searching) return HEDDLE_REAL(free)(block);
    if (explored) end_with_bad_free(block, pc);
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT void* malloc(std::size_t bytes) noexcept {
    return g_searching ? room(bytes, 16) : HEDDLE_REAL(malloc)(bytes);
}
HEDDLE_EXPORT void free(void* block) noexcept {
    if (block == nullptr) return;
    if (g_exploring) HEDDLE_PASS_HOOK();
    give_back(block, HEDDLE_CALLER);
}
// In Step the runtime asks before it records that a block is freed, and frees it then.
HEDDLE_EXPORT void heddle_before_free(void* block) {
    if (!g_exploring) return;
    HEDDLE_PASS_HOOK();
    announce_free(block, HEDDLE_CALLER);
}
HEDDLE_EXPORT void* calloc(std::size_t count, std::size_t each) noexcept {
    if (!g_searching) return HEDDLE_REAL(calloc)(count, each);
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, each, &bytes)) return nullptr;
    void* const block = room(bytes, 16);
    if (block != nullptr) memset(block, 0, bytes);
    return block;
}
HEDDLE_EXPORT void* realloc(void* block, std::size_t bytes) noexcept {
    const std::size_t had = block_bytes(block);
    if (!g_searching && had == 0) return HEDDLE_REAL(realloc)(block, bytes);
    void* const moved = malloc(bytes);
    if (block != nullptr && moved != nullptr) {
        if (g_exploring) HEDDLE_PASS_HOOK();
        memcpy(moved, block, had < bytes ? had : bytes);
        give_back(block, HEDDLE_CALLER);
    }
    return moved;
}
HEDDLE_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    return g_searching ? room(bytes, alignment) : HEDDLE_REAL(aligned_alloc)(alignment, bytes);
}
HEDDLE_EXPORT void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
    return g_searching ? room(bytes, alignment) : HEDDLE_REAL(memalign)(alignment, bytes);
}
HEDDLE_EXPORT int posix_memalign(void** out, std::size_t alignment, std::size_t bytes) noexcept {
    if (!g_searching) return HEDDLE_REAL(posix_memalign)(out, alignment, bytes);
    *out = room(bytes, alignment);
    return *out == nullptr ? ENOMEM : 0;
}
HEDDLE_EXPORT std::size_t malloc_usable_size(void* block) noexcept {
    const std::size_t own = block == nullptr ? 0 : block_bytes(block);
    return own == 0 && !g_searching ? HEDDLE_REAL(malloc_usable_size)(block) : own;
}
