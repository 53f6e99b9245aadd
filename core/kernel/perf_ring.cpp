#include "core/kernel/perf_ring.h"

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace heddle::kernel {

RingCursor::RingCursor(std::span<const std::byte> data, std::uint64_t tail, std::uint64_t head)
    : data_(data), tail_(tail), head_(head) {
    if (head_ - tail_ > data_.size()) {
        damaged_ = true;
        tail_ = head_;
    }
}

std::span<const std::byte> RingCursor::next() {
    const std::uint64_t left = head_ - tail_;
    if (left == 0) return {};
    // Records are multiples of 8 bytes and so is the ring: a header never wraps.
    const std::size_t at = tail_ & (data_.size() - 1);
    perf_event_header header{};
    if (left >= sizeof header && at + sizeof header <= data_.size()) std::memcpy(&header, data_.data() + at, sizeof header);
    if (header.size < sizeof header || header.size > left) {
        damaged_ = true;
        tail_ = head_;
        return {};
    }
    tail_ += header.size;
    if (at + header.size <= data_.size()) return data_.subspan(at, header.size);
    joined_.resize(header.size);
    const std::size_t first = data_.size() - at;
    std::memcpy(joined_.data(), data_.data() + at, first);
    std::memcpy(joined_.data() + first, data_.data(), header.size - first);
    return joined_;
}

Result<PerfRing> PerfRing::map(int event_fd, std::size_t data_bytes) {
    const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* at = ::mmap(nullptr, page_bytes + data_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, event_fd, 0);
    if (at == MAP_FAILED) return fail_errno("cannot map the kernel's ring buffer", std::to_string(data_bytes) + " bytes");
    PerfRing ring;
    ring.page_ = static_cast<perf_event_mmap_page*>(at);
    ring.mapped_bytes_ = page_bytes + data_bytes;
    ring.data_bytes_ = data_bytes;
    return ring;
}

PerfRing::PerfRing(PerfRing&& other) noexcept {
    *this = std::move(other);
}

PerfRing& PerfRing::operator=(PerfRing&& other) noexcept {
    std::swap(page_, other.page_);
    std::swap(mapped_bytes_, other.mapped_bytes_);
    std::swap(data_bytes_, other.data_bytes_);
    return *this;
}

PerfRing::~PerfRing() {
    if (page_) ::munmap(page_, mapped_bytes_);
}

RingCursor PerfRing::unread() const {
    const std::uint64_t head = __atomic_load_n(&page_->data_head, __ATOMIC_ACQUIRE);
    const std::uint64_t tail = __atomic_load_n(&page_->data_tail, __ATOMIC_RELAXED);
    const auto* data = reinterpret_cast<const std::byte*>(page_) + (mapped_bytes_ - data_bytes_);
    return {{data, data_bytes_}, tail, head};
}

void PerfRing::consume_to(std::uint64_t tail) {
    __atomic_store_n(&page_->data_tail, tail, __ATOMIC_RELEASE);
}

}  // namespace heddle::kernel
