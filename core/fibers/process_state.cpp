#include "core/fibers/process_state.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/rseq.h>
#include <sys/uio.h>

#include "core/fibers/cycles.h"
#include "core/fibers/maps.h"
#include "core/fibers/memory.h"
#include "core/fibers/objects.h"
#include "core/fibers/pids.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spaces.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20;  // that are looked at for one state

// By the kernel, which says so where nothing can be read.
class Reader {
public:
    std::uint64_t digest = 1;

    void leave_out(const AddressSpan& span) { hole_ = span; }
    void read(std::uint64_t from, std::uint64_t to) {
        if (hole_.has(from) || (from < hole_.start && hole_.start < to)) {
            if (from < hole_.start) read(from, hole_.start);
            if (hole_.end < to) read(hole_.end, to);
            return;
        }
        if (to - from > left_) return give_up();
        left_ -= to - from;
        for (std::uint64_t bytes; from < to; from += bytes) {
            bytes = to - from < sizeof buffer_ ? to - from : sizeof buffer_;
            const iovec here{buffer_, bytes}, there{reinterpret_cast<void*>(from), bytes};
            const ssize_t got = ::process_vm_readv(own_pid(), &here, 1, &there, 1, 0);
            add(got < 0 ? 0 : static_cast<std::size_t>(got));
        }
    }
    // The pages that are there: the others are as they were at first (man 5 proc_pid_pagemap).
    void read_present(std::uint64_t from, std::uint64_t to) {
        constexpr std::uint64_t kPresent = std::uint64_t{3} << 62, kAtOnce = 512;
        static std::uint64_t entries[kAtOnce];
        if ((to - from) / kPageBytes > kMostBytes) return give_up();
        const int fd = HEDDLE_REAL(open)("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        std::uint64_t first = to;  // of those that lie side by side
        for (std::uint64_t page = from / kPageBytes; page < to / kPageBytes; page += kAtOnce) {
            const std::uint64_t count = to / kPageBytes - page < kAtOnce ? to / kPageBytes - page : kAtOnce;
            if (::pread(fd, entries, count * 8, static_cast<off_t>(page * 8)) != static_cast<ssize_t>(count * 8)) give_up();
            for (std::uint64_t i = 0; i < count; ++i) {
                const std::uint64_t at = (page + i) * kPageBytes;
                const bool present = (entries[i] & kPresent) != 0;
                if (present && first == to) first = at;
                if (!present && first != to) read_run(first, at), first = to;
            }
        }
        if (first != to) read_run(first, to);
        HEDDLE_REAL(close)(fd);
    }

private:
    void read_run(std::uint64_t from, std::uint64_t to) {
        digest = mix(digest, from);
        read(from, to);
    }
    // What is not known may be different each time.
    void give_up() { note_transfer(); }
    void add(std::size_t bytes) {
        const auto* const words = reinterpret_cast<const std::uint64_t*>(buffer_);
        std::uint64_t lanes[4] = {digest, 1, 2, 3};
        std::size_t at = 0;
        for (; (at + 4) * 8 <= bytes; at += 4) {
            for (std::size_t lane = 0; lane < 4; ++lane) lanes[lane] = mix(lanes[lane], words[at + lane]);
        }
        for (at *= 8; at < bytes; ++at) lanes[0] = mix(lanes[0], static_cast<unsigned char>(buffer_[at]));
        digest = mix(mix(mix(lanes[0], lanes[1]), lanes[2]), lanes[3] + bytes);
    }

    static constexpr std::size_t kBuffer = std::size_t{64} << 10;
    alignas(8) static inline char buffer_[kBuffer];
    std::uint64_t left_ = kMostBytes;
    AddressSpan hole_{};
};

// Where this library keeps what it knows itself, and the dynamic linker what it has counted.
struct Left {
    AddressSpan library, linker;
};
Left find_left_out() {
    Left left{};
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* out) {
            AddressSpan all{UINT64_MAX, 0};
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                if (header.p_type != PT_LOAD) continue;
                const std::uint64_t start = info->dlpi_addr + header.p_vaddr, end = start + header.p_memsz;
                if (start < all.start) all.start = start;
                if (end > all.end) all.end = end;
            }
            if (all.has(reinterpret_cast<std::uint64_t>(&g_board))) static_cast<Left*>(out)->library = all;
            if (info->dlpi_addr != 0 && info->dlpi_addr == getauxval(AT_BASE)) static_cast<Left*>(out)->linker = all;
            return 0;
        },
        &left);
    return left;
}

// Of a stack only the program's own frames count, which are looked at anyway; below them is what this library left there. A
// thread's own variables lie at its other end.
bool is_stack(const AddressSpan& span, Reader& reader) {
    bool found = false;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (!fiber.alive || !is_mine(fiber) || !span.has(fiber.user_stack)) continue;
        found = true;
        const AddressSpan storage = static_storage(fiber.thread_pointer);
        if (span.has(fiber.thread_pointer)) reader.read(storage.start, storage.end);
    }
    return found;
}

// The first thread's control block lies among other memory; the kernel says in it which CPU it is on (man 2 rseq).
AddressSpan kernel_writes(std::uintptr_t thread_pointer) {
    constexpr std::uintptr_t kMostBytesOfIt = 32;
    AddressSpan span = control_block(thread_pointer);
    const std::uintptr_t area = thread_pointer + static_cast<std::uintptr_t>(__rseq_offset);
    if (area < span.start) span.start = area;
    if (area + kMostBytesOfIt > span.end) span.end = area + kMostBytesOfIt;
    return span;
}

void read_all_private(Reader& reader) {
    static const Left left = find_left_out();
    reader.leave_out(kernel_writes(g_fibers[g_common.processes[g_process].first_thread].thread_pointer));
    Maps maps;
    do {
        AddressSpan span{};
        span.start = maps.number(16), span.end = maps.number(16);
        const bool readable = maps.next() == 'r', writable = maps.next() == 'w';
        maps.next();
        const bool own = maps.next() == 'p';
        if (!readable || !writable || !own || left.library.has(span.start) || left.linker.has(span.start) ||
            is_stack(span, reader))
            continue;
        if (!span.has(heap_start())) reader.read_present(span.start, span.end);
    } while (maps.next_line());
    for (std::uint32_t i = 0; i < trace::kMostFibers; ++i) {
        const AddressSpan part = heap_part(i);
        if (part.end > part.start) reader.read_present(part.start, part.end);
    }
}

}  // namespace

std::uint64_t digest_of_own_process(bool thorough) {
    Reader reader;
    reader.digest = mix(digest_of_variables(), digest_of_objects());
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (fiber.alive && is_mine(fiber)) reader.digest = mix(reader.digest, mix(i, stack_digest(fiber)));
    }
    if (thorough) read_all_private(reader);
    return reader.digest;
}

// Its entry; the pages of a mapping lie side by side there.
std::uint32_t place_of_page(std::uint64_t name, std::uint32_t expected) {
    Cycles& cycles = g_common.cycles;
    if (expected < cycles.shared_count && cycles.shared_pages[expected].name == name) return expected;
    std::uint32_t place = 0;
    while (place < cycles.shared_count && cycles.shared_pages[place].name != name) ++place;
    if (place == cycles.shared_count && place < kMostSharedPages) cycles.shared_pages[cycles.shared_count++].name = name;
    return place;
}

void note_shared_pages() {
    std::uint32_t place = 0;
    for (std::uint32_t i = 0; i < shared_spans(); ++i) {
        const AddressSpan span = shared_span(i);
        for (std::uintptr_t page = span.start; page < span.end; page += kPageBytes) {
            place = place_of_page(outside_name(page), place);
            if (place == kMostSharedPages) return note_transfer();
            Reader reader;
            reader.read(page, page + kPageBytes);
            g_common.cycles.shared_pages[place++].state = reader.digest;
        }
    }
}

}  // namespace heddle::fibers
