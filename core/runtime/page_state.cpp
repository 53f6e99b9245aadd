#include "core/runtime/page_state.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/syscall.h>

#include "core/runtime/emit.h"

namespace heddle::runtime {
namespace {

constexpr std::uintptr_t kPage = 4096;
constexpr unsigned kPageLog2 = 12;
constexpr unsigned kMostPages = 64;
constexpr unsigned kMostDataPages = 40;  // the rest is the heap's

struct TrackedPage {
    std::uintptr_t address;
    std::uint64_t bits;
};

// This process's view; a forked child inherits and updates its own copy.
constinit TrackedPage g_pages[kMostPages]{};
constinit std::atomic<unsigned> g_page_count{0};

std::uint64_t bits_of(std::uint64_t entry) {
    using namespace trace::page_bits;
    std::uint64_t bits = 0;
    if (entry >> 63 & 1) bits |= kPresent;
    if (entry >> 56 & 1) bits |= kExclusive;
    if (entry >> 61 & 1) bits |= kFile;
    if (bits & kPresent) bits |= (entry & ((std::uint64_t{1} << 55) - 1)) << kFrameShift;
    return bits;
}

int open_pagemap() {
    return static_cast<int>(
        arch::system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>("/proc/self/pagemap"), O_RDONLY | O_CLOEXEC, 0));
}

bool read_page(int fd, std::uintptr_t address, std::uint64_t* bits) {
    std::uint64_t entry = 0;
    const long got = arch::system_call(SYS_pread64, fd, reinterpret_cast<long>(&entry), sizeof entry,
                                       static_cast<long>(address / kPage * sizeof entry));
    *bits = bits_of(entry);
    return got == sizeof entry;
}

struct Range {
    std::uintptr_t low, high;
};

// The main executable's writable segment, without the part that is read-only after relocation.
int note_main_program(dl_phdr_info* info, std::size_t, void* out) {
    auto& range = *static_cast<Range*>(out);
    std::uintptr_t relro_end = 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        const std::uintptr_t low = info->dlpi_addr + header.p_vaddr, high = low + header.p_memsz;
        if (header.p_type == PT_GNU_RELRO) relro_end = (high + kPage - 1) / kPage * kPage;
        if (header.p_type == PT_LOAD && (header.p_flags & PF_W) != 0) range = {low, high};
    }
    if (relro_end > range.low && relro_end <= range.high) range.low = relro_end;
    return 1;  // the first entry is the main program; the others do not matter
}

std::uintptr_t parse_hex(const char*& text) {
    std::uintptr_t value = 0;
    for (;; ++text) {
        const char c = *text;
        if (c >= '0' && c <= '9')
            value = value * 16 + static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + static_cast<unsigned>(c - 'a') + 10;
        else
            return value;
    }
}

// [heap] in /proc/self/maps; it follows the main executable closely, so the first page of text holds it in most programs.
Range heap_range() {
    char text[8192];
    const long fd = arch::system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>("/proc/self/maps"), O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return {};
    std::size_t size = 0;
    for (long got = 1; got > 0 && size<sizeof text - 1; size += got> 0 ? static_cast<std::size_t>(got) : 0) {
        got = arch::system_call(SYS_read, fd, reinterpret_cast<long>(text + size), static_cast<long>(sizeof text - 1 - size));
    }
    arch::system_call(SYS_close, fd);
    text[size] = 0;
    for (const char* line = text; *line != 0;) {
        const char* end = line;
        while (*end != 0 && *end != '\n') ++end;
        if (end - line > 6 && __builtin_memcmp(end - 6, "[heap]", 6) == 0) {
            Range range{};
            range.low = parse_hex(line);
            ++line;
            range.high = parse_hex(line);
            return range;
        }
        line = *end == 0 ? end : end + 1;
    }
    return {};
}

unsigned choose(int fd, Range range, unsigned count, unsigned most, bool present_only) {
    for (std::uintptr_t page = range.low / kPage * kPage; page < range.high && count < most; page += kPage) {
        std::uint64_t bits = 0;
        if (!read_page(fd, page, &bits)) return count;
        if (present_only && (bits & trace::page_bits::kPresent) == 0) continue;
        g_pages[count++] = {page, bits};
    }
    return count;
}

}  // namespace

void record_pages(ThreadState& thread) {
    if (thread.phase != Phase::kReady) return;
    const int fd = open_pagemap();
    if (fd < 0) return;
    Range data{};
    dl_iterate_phdr(note_main_program, &data);
    g_page_count.store(0);
    unsigned count = choose(fd, data, 0, kMostDataPages, false);
    count = choose(fd, heap_range(), count, kMostPages, true);
    arch::system_call(SYS_close, fd);
    g_page_count.store(count);
    for (unsigned i = 0; i < count; ++i) {
        emit(thread, trace::Kind::kPageState, kPageLog2, 0, g_pages[i].address, g_pages[i].bits);
    }
}

void recheck_page(ThreadState& thread, std::uintptr_t address) {
    const std::uintptr_t page = address / kPage * kPage;
    const unsigned count = g_page_count.load(std::memory_order_relaxed);
    for (unsigned i = 0; i < count; ++i) {
        TrackedPage& tracked = g_pages[i];
        if (tracked.address != page) continue;
        if ((tracked.bits & trace::page_bits::kExclusive) != 0) return;
        const int fd = open_pagemap();
        if (fd < 0) return;
        std::uint64_t bits = 0;
        const bool known = read_page(fd, page, &bits);
        arch::system_call(SYS_close, fd);
        if (!known || bits == tracked.bits) {
            tracked.address = 0;  // this kernel does not tell: ask no more until the next fork
            return;
        }
        tracked.bits = bits;
        if (!has_room(thread)) return;
        fill(next_record(thread), trace::Kind::kPageState, kPageLog2, 0, page, bits);
        publish(thread);
        return;
    }
}

}  // namespace heddle::runtime
