// Memory for the search that runs inside the explored process: operator new and delete of this library alone, apart from the
// program's heap, which is brought back before each execution. Blocks come from size classes and go back to them.
#include "core/fibers/own_memory.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace {

constexpr std::size_t kSmallest = 32, kClasses = 28, kChunk = std::size_t{2} << 20, kHeader = 16;

struct Free {
    Free* next;
};
Free* g_free[kClasses];
char* g_chunk = nullptr;
std::size_t g_chunk_left = 0;
bool g_large_pages = false;

char* map(std::size_t bytes) {
    void* const at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) __builtin_trap();  // the process ends; Heddle says so
    return static_cast<char*>(at);
}

void map_chunk() {
    if (!g_large_pages) {
        g_chunk = map(kChunk);
    } else {
        char* const at = map(2 * kChunk);
        const std::size_t before = -reinterpret_cast<std::uintptr_t>(at) % kChunk;
        if (before != 0) ::munmap(at, before);
        ::munmap(at + before + kChunk, kChunk - before);
        g_chunk = at + before;
        ::madvise(g_chunk, kChunk, MADV_HUGEPAGE);  // where there are none they are small
    }
    g_chunk_left = kChunk;
}

std::size_t class_of(std::size_t bytes) {
    std::size_t number = 0;
    for (std::size_t size = kSmallest; size < bytes; size *= 2) ++number;
    return number;
}

void* take(std::size_t bytes) {
    const std::size_t number = class_of(bytes + kHeader), size = kSmallest << number;
    if (Free* const block = g_free[number]) {
        g_free[number] = block->next;
        return block;
    }
    char* block = nullptr;
    if (size > kChunk / 4) {
        block = map(size);
    } else {
        if (g_chunk_left < size) map_chunk();
        block = g_chunk;
        g_chunk += size, g_chunk_left -= size;
    }
    *reinterpret_cast<std::size_t*>(block) = number;
    return block + kHeader;
}

void give(void* block) {
    if (block == nullptr) return;
    const std::size_t number = *reinterpret_cast<std::size_t*>(static_cast<char*>(block) - kHeader);
    auto* free = static_cast<Free*>(block);
    free->next = g_free[number];
    g_free[number] = free;
}

}  // namespace

void heddle::fibers::use_large_pages() {
    g_large_pages = true;
    map_chunk();
    *g_chunk = 0;
}

void* operator new(std::size_t bytes) {
    return take(bytes);
}
void* operator new[](std::size_t bytes) {
    return take(bytes);
}
void operator delete(void* block) noexcept {
    give(block);
}
void operator delete[](void* block) noexcept {
    give(block);
}
void operator delete(void* block, std::size_t) noexcept {
    give(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    give(block);
}
