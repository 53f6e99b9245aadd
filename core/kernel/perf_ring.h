// PerfRing: one memory-mapped ring buffer of perf records (man 2 perf_event_open, "MMAP layout"). The kernel writes, one
// thread here reads. Never blocks, never reads outside of the mapping whatever head, offset and sizes the ring claims.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"

struct perf_event_mmap_page;

namespace heddle::kernel {

// Splits [tail, head) of a ring into whole records. Pure. `data.size()` is a power of two.
class RingCursor {
public:
    RingCursor(std::span<const std::byte> data, std::uint64_t tail, std::uint64_t head);
    // The next record, header included, valid until the next call; empty when none is left or the rest makes no sense.
    std::span<const std::byte> next();
    // Where the reader stands: everything before has been consumed. A ring that makes no sense is skipped to its head.
    std::uint64_t tail() const { return tail_; }
    bool damaged() const { return damaged_; }

private:
    std::span<const std::byte> data_;
    std::uint64_t tail_, head_;
    bool damaged_ = false;
    std::vector<std::byte> joined_;  // a record that wraps around the end, made contiguous
};

class PerfRing {
public:
    PerfRing() = default;
    // data_bytes: a power of two, at least a page.
    static Result<PerfRing> map(int event_fd, std::size_t data_bytes);
    PerfRing(PerfRing&& other) noexcept;
    PerfRing& operator=(PerfRing&& other) noexcept;
    ~PerfRing();

    // What the kernel has published and this ring has not consumed.
    RingCursor unread() const;
    void consume_to(std::uint64_t tail);
    std::size_t data_bytes() const { return data_bytes_; }

private:
    perf_event_mmap_page* page_ = nullptr;
    std::size_t mapped_bytes_ = 0, data_bytes_ = 0;
};

}  // namespace heddle::kernel
