// Heddle's large blocks of memory lie on the processor's large pages, where the kernel gives those to who asks for them. What a
// recorded run consists of is written once, mostly; with pages of 4 KiB the faults of that first writing cost more than all the
// rest (on a virtual machine eight microseconds each, ten times the work of the two hundred events that fit in one).
//
// Sanitizers bring an operator new of their own, which must stay.
#include "core/base/large_blocks.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;
constexpr std::size_t kWorthAPage = kLargePage / 4 * 3;  // what is left over and smaller lies on small pages, wasting none

void* allocate(std::size_t bytes) {
    const std::size_t pages = (bytes + kLargePage - kWorthAPage) / kLargePage;
    if (pages == 0) return std::malloc(bytes == 0 ? 1 : bytes);
    void* const block = std::aligned_alloc(kLargePage, std::max(bytes, pages * kLargePage));
    if (block != nullptr) ::madvise(block, pages * kLargePage, MADV_HUGEPAGE);  // where there are none they are small
    return block;
}

}  // namespace

void heddle::put_heap_on_large_pages() {
    constexpr int kHeap = 64 << 20;
    // As malloc sets it by itself, once a large block was given back: from then on such blocks come from the heap, too.
    mallopt(M_MMAP_THRESHOLD, kHeap / 2);
    mallopt(M_TRIM_THRESHOLD, 2 * kHeap);
    mallopt(M_TOP_PAD, kHeap);
    mallopt(M_ARENA_MAX, 1);  // for all threads: one of their own would lie on small pages
    const auto begin = (reinterpret_cast<std::uintptr_t>(::sbrk(0)) + kLargePage - 1) / kLargePage * kLargePage;
    void* volatile block = std::malloc(mallinfo2().fordblks + kLargePage);  // more than is free: the heap grows, as was said
    std::free(block);
    const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0)) / kLargePage * kLargePage;
    if (end > begin) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

// The library's operator delete gives both kinds back: it calls free.
void* operator new(std::size_t bytes) {
    while (true) {
        if (void* const block = allocate(bytes)) return block;
        const std::new_handler handler = std::get_new_handler();
        if (handler == nullptr) throw std::bad_alloc();
        handler();
    }
}

#else

void heddle::put_heap_on_large_pages() {}

#endif
