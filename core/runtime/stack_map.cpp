#include "core/runtime/stack_map.h"

#include <sys/mman.h>
#include <sys/syscall.h>

namespace heddle::runtime {
namespace {

using Word = std::atomic<std::uint64_t>;
constexpr std::uintptr_t kBitmapBytes = kMostStackBytes / 64;

// The block's bitmap, mapped at the first reach. Mapped by the reaching thread with a raw system call: no allocation, no lock.
// All bitmaps have one size, so that a block's next owner can use the one that is there.
Word* bitmap_of(ThreadBlock& block) {
    Word* map = block.reached.load(std::memory_order_acquire);
    if (map != nullptr) return map;
    const long mapped = arch::system_call(SYS_mmap, 0, static_cast<long>(kBitmapBytes), PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped < 0 && mapped > -4096) return nullptr;
    map = reinterpret_cast<Word*>(mapped);
    Word* other = nullptr;
    if (!block.reached.compare_exchange_strong(other, map)) {
        arch::system_call(SYS_munmap, mapped, static_cast<long>(kBitmapBytes));
        return other;
    }
    return map;
}

void count_granules(std::uintptr_t low, std::uintptr_t bytes, int step) {
    const std::uintptr_t first = low >> kGranuleBits, last = (low + bytes - 1) >> kGranuleBits;
    for (std::uintptr_t granule = first; granule <= last; ++granule) {
        g_stack_granules[granule % kGranules].fetch_add(static_cast<std::uint16_t>(step), std::memory_order_relaxed);
    }
}

}  // namespace

bool is_range_reached(const ThreadState& thread, std::uintptr_t address, std::uintptr_t bytes) {
    if (thread.block->reached.load(std::memory_order_relaxed) == nullptr) return false;
    for (std::uintptr_t at = address; at < address + bytes && on_own_stack(thread, at); at += 8) {
        if (is_reached(thread, at)) return true;
    }
    return false;
}

void mark_if_on_a_stack(std::uintptr_t address, std::uintptr_t bytes) {
    const std::uint32_t used = g_process.blocks_used.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < used && i < kMostThreads; ++i) {
        ThreadBlock& block = g_blocks[i];
        const std::uintptr_t low = block.stack_low.load(std::memory_order_relaxed);
        const std::uintptr_t size = block.stack_bytes.load(std::memory_order_acquire);
        if (address - low >= size) continue;
        Word* map = bitmap_of(block);
        if (map == nullptr) return;
        const std::uintptr_t end = address + bytes < low + size ? address + bytes : low + size;
        for (std::uintptr_t word = (address - low) / 8; word <= (end - 1 - low) / 8; ++word) {
            const std::uint64_t bit = std::uint64_t{1} << (word % 64);
            if ((map[word / 64].load(std::memory_order_relaxed) & bit) == 0) map[word / 64].fetch_or(bit);
        }
        return;
    }
}

void forget_frame(ThreadState& thread, std::uintptr_t low, std::uintptr_t high) {
    if (thread.block == nullptr) return;
    Word* map = thread.block->reached.load(std::memory_order_relaxed);
    if (__builtin_expect(map == nullptr, 1) || !on_own_stack(thread, low) || !on_own_stack(thread, high - 1)) return;
    const std::uintptr_t first = (low - thread.stack_low) / 8, end = (high - thread.stack_low) / 8;
    for (std::uintptr_t word = first; word < end;) {
        const std::uintptr_t in_group = word % 64, take = end - word < 64 - in_group ? end - word : 64 - in_group;
        const std::uint64_t bits = (take == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << take) - 1) << in_group;
        if ((map[word / 64].load(std::memory_order_relaxed) & bits) != 0) map[word / 64].fetch_and(~bits);
        word += take;
    }
}

void register_stack(ThreadBlock& block, std::uintptr_t low, std::uintptr_t bytes) {
    if (Word* map = block.reached.load(); map != nullptr) {
        arch::system_call(SYS_madvise, reinterpret_cast<long>(map), static_cast<long>(kBitmapBytes), MADV_DONTNEED);
    }
    block.stack_low.store(low, std::memory_order_relaxed);
    block.stack_bytes.store(bytes, std::memory_order_release);
    if (bytes != 0) count_granules(low, bytes, 1);
}

void unregister_stack(ThreadBlock& block) {
    const std::uintptr_t low = block.stack_low.load(), bytes = block.stack_bytes.load();
    block.stack_bytes.store(0);
    if (bytes != 0) count_granules(low, bytes, -1);
}

}  // namespace heddle::runtime
