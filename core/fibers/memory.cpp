#include "core/fibers/memory.h"

#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/fibers/context.h"
#include "core/trace/board.h"

namespace heddle::fibers {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kMostRegions = 128, kMostDirty = 1U << 16, kMostStorages = trace::kMostFibers + 1;
constexpr std::size_t kStorageAfter = 2304;  // of glibc's thread control block, from the thread pointer on
constexpr std::size_t kSmallVariables = 16384;

struct Region {
    std::uintptr_t start, end;
    char* kept;           // null: was all zero
    std::uint8_t* dirty;  // a byte a page
};
struct Storage {
    std::uintptr_t start;
    std::size_t bytes;
    char* kept;
};
struct Dirty {
    std::uintptr_t page;
    const char* kept;
};

Region g_regions[kMostRegions];
std::size_t g_region_count = 0;
Dirty g_dirty[kMostDirty];
std::uint32_t g_dirty_count = 0;
Storage g_storages[kMostStorages];
std::size_t g_storage_count = 0;
struct Span {
    std::uintptr_t start, end;
};
Span g_variables[8];
std::size_t g_variable_spans = 0;

std::uintptr_t page_down(std::uintptr_t a) {
    return a / kPage * kPage;
}
std::uintptr_t page_up(std::uintptr_t a) {
    return page_down(a + kPage - 1);
}

char* map(std::size_t bytes) {
    void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? nullptr : static_cast<char*>(at);
}

bool add_region(std::uintptr_t start, std::uintptr_t end) {
    if (start >= end) return true;
    if (g_region_count == kMostRegions) return false;
    Region& region = g_regions[g_region_count++];
    region = {start, end, nullptr, reinterpret_cast<std::uint8_t*>(map(page_up((end - start) / kPage)))};
    return region.dirty != nullptr;
}

// Heap blocks have a header in front of each.
struct Header {
    std::size_t bytes;
    std::uint64_t magic;
};
constexpr std::uint64_t kLiveBlock = 0x6865646c65626c6bULL, kReleasedBlock = 0x676f6e65626c6f63ULL;

struct Heap {
    char* start = nullptr;
    std::size_t* used = nullptr;  // per thread, brought back with the rest
    std::size_t kept = 0;         // bytes from the start that had been written before main; the rest was zero
};
Heap g_heap;

void ensure_heap() {
    if (g_heap.start != nullptr) return;
    g_heap.start = map(kHeapPerThread * trace::kMostFibers);
    g_heap.used = static_cast<std::size_t*>(restored_room(sizeof(std::size_t) * trace::kMostFibers));
}

int add_object(dl_phdr_info* info, std::size_t, void* data) {
    const auto self = reinterpret_cast<std::uintptr_t>(&g_regions);
    const auto linker = static_cast<std::uintptr_t>(getauxval(AT_BASE));
    if (info->dlpi_addr == linker && linker != 0) return 0;
    std::uintptr_t relro_end = 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        const std::uintptr_t start = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD && start <= self && self < start + header.p_memsz) return 0;  // this library
        if (header.p_type == PT_GNU_RELRO) relro_end = page_down(start + header.p_memsz);
    }
    bool& main_object = *static_cast<bool*>(data);
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
        std::uintptr_t start = info->dlpi_addr + header.p_vaddr;
        const std::uintptr_t end = start + header.p_memsz;
        if (start < relro_end) start = relro_end;
        if (main_object && g_variable_spans < 8) g_variables[g_variable_spans++] = {start, end};
        if (!add_region(page_down(start), page_up(end))) return 1;
    }
    main_object = false;
    return 0;
}

const Region* region_of(std::uintptr_t address) {
    for (std::size_t i = 0; i < g_region_count; ++i) {
        if (address >= g_regions[i].start && address < g_regions[i].end) return &g_regions[i];
    }
    return nullptr;
}

bool keep_region(Region& region) {
    const std::size_t bytes = region.end - region.start;
    const auto heap = reinterpret_cast<std::uintptr_t>(g_heap.start);
    std::size_t content = bytes;
    if (region.start == heap) content = g_heap.kept = page_up(g_heap.used[0]);
    region.kept = map(content == 0 ? kPage : content);
    if (region.kept == nullptr) return false;
    memcpy(region.kept, reinterpret_cast<const void*>(region.start), content);
    return ::mprotect(reinterpret_cast<void*>(region.start), bytes, PROT_READ) == 0;
}

char g_zeroes[kPage];

}  // namespace

void* restored_room(std::size_t bytes) {
    char* const at = map(page_up(bytes));
    const auto start = reinterpret_cast<std::uintptr_t>(at);
    if (at == nullptr || !add_region(start, start + page_up(bytes))) return nullptr;
    return at;
}

void find_variables() {
    bool main_object = true;
    ::dl_iterate_phdr(add_object, &main_object);
}

bool keep_memory() {
    ensure_heap();
    bool main_object = true;
    const auto heap = reinterpret_cast<std::uintptr_t>(g_heap.start);
    if (::dl_iterate_phdr(add_object, &main_object) != 0) return false;
    if (!add_region(heap, heap + kHeapPerThread * trace::kMostFibers)) return false;
    for (std::size_t i = 0; i < g_storage_count; ++i) {
        memcpy(g_storages[i].kept, reinterpret_cast<const void*>(g_storages[i].start), g_storages[i].bytes);
    }
    for (std::size_t i = 0; i < g_region_count; ++i) {
        if (!keep_region(g_regions[i])) return false;
    }
    return true;
}

void restore_memory(std::uint32_t threads) {
    for (std::uint32_t i = 0; i < g_dirty_count; ++i) memcpy(reinterpret_cast<void*>(g_dirty[i].page), g_dirty[i].kept, kPage);
    for (std::size_t i = 0; i < g_storage_count && i < threads; ++i) {
        memcpy(reinterpret_cast<void*>(g_storages[i].start), g_storages[i].kept, g_storages[i].bytes);
    }
}

std::size_t bytes_to_keep(std::uint32_t threads) {
    std::size_t bytes = g_dirty_count * kPage;
    for (std::size_t i = 0; i < g_storage_count && i < threads; ++i) bytes += g_storages[i].bytes;
    return bytes;
}

MemoryMark keep(std::uint32_t threads, char* out) {
    for (std::uint32_t i = 0; i < g_dirty_count; ++i, out += kPage) {
        memcpy(out, reinterpret_cast<const void*>(g_dirty[i].page), kPage);
    }
    for (std::size_t i = 0; i < g_storage_count && i < threads; out += g_storages[i++].bytes) {
        memcpy(out, reinterpret_cast<const void*>(g_storages[i].start), g_storages[i].bytes);
    }
    return {g_dirty_count, threads};
}

// Pages that were written to only later, and threads that began later, are as they were at first.
void bring_back(const MemoryMark& mark, const char* kept, std::uint32_t threads) {
    for (std::uint32_t i = 0; i < g_dirty_count; ++i) {
        const bool later = i >= mark.pages;
        memcpy(reinterpret_cast<void*>(g_dirty[i].page), later ? g_dirty[i].kept : kept, kPage);
        if (!later) kept += kPage;
    }
    for (std::size_t i = 0; i < g_storage_count && i < threads; ++i) {
        const bool later = i >= mark.threads;
        memcpy(reinterpret_cast<void*>(g_storages[i].start), later ? g_storages[i].kept : kept, g_storages[i].bytes);
        if (!later) kept += g_storages[i].bytes;
    }
}

bool unprotect(std::uintptr_t address) {
    const Region* const region = region_of(address);
    if (region == nullptr || region->kept == nullptr) return false;
    const std::uintptr_t page = page_down(address);
    const std::size_t index = (page - region->start) / kPage;
    if (region->dirty[index] != 0 || g_dirty_count == kMostDirty) return false;
    region->dirty[index] = 1;
    const char* kept = region->kept + (page - region->start);
    const auto heap = reinterpret_cast<std::uintptr_t>(g_heap.start);
    if (region->start == heap && page - heap >= g_heap.kept) kept = g_zeroes;
    g_dirty[g_dirty_count++] = {page, kept};
    return ::mprotect(reinterpret_cast<void*>(page), kPage, PROT_READ | PROT_WRITE) == 0;
}

void touch(void* address, std::size_t bytes) {
    const auto start = reinterpret_cast<std::uintptr_t>(address);
    const Region* const region = region_of(start);
    if (region == nullptr) return;
    const std::uintptr_t room = region->end - start, end = start + (bytes < room ? bytes : room);
    for (std::uintptr_t at = page_down(start); at < end; at += kPage) unprotect(at);
}

namespace {

std::size_t static_storage_bytes() {
    static std::size_t bytes = 0;
    if (bytes == 0) {
        ::dl_iterate_phdr(
            [](dl_phdr_info* info, std::size_t, void* sum) {
                for (int i = 0; i < info->dlpi_phnum; ++i) {
                    const auto& header = info->dlpi_phdr[i];
                    if (header.p_type == PT_TLS) *static_cast<std::size_t*>(sum) += header.p_memsz + header.p_align;
                }
                return 0;
            },
            &bytes);
        bytes = (bytes + 63) / 64 * 64;
    }
    return bytes;
}

}  // namespace

#if defined(__x86_64__)  // the storage lies below the thread pointer
AddressSpan static_storage(std::uintptr_t thread_pointer) {
    return {thread_pointer - static_storage_bytes(), thread_pointer};
}
AddressSpan control_block(std::uintptr_t thread_pointer) {
    return {thread_pointer, thread_pointer + kStorageAfter};
}
#else  // above it
AddressSpan static_storage(std::uintptr_t thread_pointer) {
    return {thread_pointer, thread_pointer + static_storage_bytes()};
}
AddressSpan control_block(std::uintptr_t thread_pointer) {
    return {thread_pointer - kStorageAfter, thread_pointer};
}
#endif

bool keep_thread_storage(std::uintptr_t thread_pointer) {
    if (g_storage_count == kMostStorages) return false;
    const AddressSpan own = static_storage(thread_pointer), control = control_block(thread_pointer);
    const std::uintptr_t start = own.start < control.start ? own.start : control.start;
    const std::size_t bytes = (own.end - own.start) + (control.end - control.start);
    char* const kept = map(page_up(bytes));
    if (kept != nullptr) g_storages[g_storage_count++] = {start, bytes, kept};
    return kept != nullptr;
}

namespace {

std::uint64_t with(std::uint64_t digest, std::uintptr_t at) {
    std::uint64_t word;
    memcpy(&word, reinterpret_cast<const void*>(at), 8);
    digest = (digest ^ word) * 0x9e3779b97f4a7c15ULL;
    return digest ^ (digest >> 29);
}

// Four words at a time: each waits for the word before it, but not for the others.
std::uint64_t digest_of(std::uint64_t digest, std::uintptr_t at, std::size_t bytes) {
    const std::uintptr_t end = at + bytes;
    std::uint64_t lanes[4] = {digest, 1, 2, 3};
    for (; at + 32 <= end; at += 32) {
        for (std::uintptr_t lane = 0; lane < 4; ++lane) lanes[lane] = with(lanes[lane], at + 8 * lane);
    }
    for (; at + 8 <= end; at += 8) lanes[0] = with(lanes[0], at);
    for (const std::uint64_t lane : {lanes[1], lanes[2], lanes[3]}) lanes[0] = (lanes[0] ^ lane) * 0x9e3779b97f4a7c15ULL;
    return lanes[0];
}

}  // namespace

std::uint64_t digest_of_heap(std::uint32_t threads) {
    const auto heap = reinterpret_cast<std::uintptr_t>(g_heap.start);
    std::uint64_t digest = 0xcbf29ce484222325ULL;
    for (std::uint32_t i = 0; i < g_dirty_count; ++i) {
        const bool in_it = g_dirty[i].page >= heap && g_dirty[i].page < heap + kHeapPerThread * trace::kMostFibers;
        if (in_it) digest = digest_of(digest, g_dirty[i].page, kPage);
    }
    for (std::size_t i = 0; i < g_storage_count && i < threads; ++i) {
        digest = digest_of(digest, g_storages[i].start, g_storages[i].bytes);
    }
    return digest;
}

std::uint64_t digest_of_variables() {
    std::uint64_t digest = 0xcbf29ce484222325ULL;
    for (std::size_t span = 0; span < g_variable_spans; ++span) {
        // Large ones: what the program ever wrote to, by pages.
        const bool small = g_variables[span].end - g_variables[span].start <= kSmallVariables;
        for (std::uintptr_t at = (g_variables[span].start + 7) / 8 * 8; at + 8 <= g_variables[span].end;) {
            const Region* const region = small ? nullptr : region_of(at);
            if (region != nullptr && region->kept != nullptr && region->dirty[(at - region->start) / kPage] == 0) {
                at = page_down(at) + kPage;
                continue;
            }
            digest = with(digest, at);
            at += 8;
        }
    }
    return digest;
}

void* allocate(std::uint32_t thread, std::size_t bytes, std::size_t alignment) {
    ensure_heap();
    if (alignment < 16) alignment = 16;
    if (g_heap.start == nullptr || bytes > kHeapPerThread) return nullptr;
    std::size_t& used = g_heap.used[thread];
    const auto part = reinterpret_cast<std::uintptr_t>(g_heap.start) + thread * kHeapPerThread;
    std::uintptr_t block = (part + used + sizeof(Header) + alignment - 1) / alignment * alignment;
    const std::size_t end = block + (bytes == 0 ? 1 : bytes) - part;
    if (end > kHeapPerThread) return nullptr;
    used = (end + 15) / 16 * 16;
    auto* header = reinterpret_cast<Header*>(block - sizeof(Header));
    *header = {bytes, kLiveBlock};
    return reinterpret_cast<void*>(block);
}

bool in_heap(std::uintptr_t address) {
    const auto start = reinterpret_cast<std::uintptr_t>(g_heap.start);
    return start != 0 && address >= start && address < start + kHeapPerThread * trace::kMostFibers;
}

std::uintptr_t heap_start() {
    return reinterpret_cast<std::uintptr_t>(g_heap.start);
}

AddressSpan heap_part(std::uint32_t thread) {
    const std::uintptr_t start = heap_start() + thread * kHeapPerThread;
    return {start, heap_start() == 0 ? start : page_up(start + g_heap.used[thread])};
}

std::size_t block_bytes(void* block) {
    if (!in_heap(reinterpret_cast<std::uintptr_t>(block))) return 0;
    const auto* header = static_cast<const Header*>(block) - 1;
    return header->magic == kLiveBlock ? header->bytes : 0;
}

bool release(void* block) {
    if (!in_heap(reinterpret_cast<std::uintptr_t>(block))) return false;
    auto* header = static_cast<Header*>(block) - 1;
    if (header->magic != kLiveBlock) return false;
    header->magic = kReleasedBlock;
    return true;
}

}  // namespace heddle::fibers
