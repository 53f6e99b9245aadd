#include "core/trace/arena_host.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "core/base/check.h"

namespace heddle::trace {

Result<Arena> Arena::create() {
    return create(Options{});
}

Result<Arena> Arena::create(Options options) {
    if (options.slots == 0 || !std::has_single_bit(options.ring_capacity) || options.ring_capacity < 2) {
        return fail("cannot lay out the trace arena",
                    std::to_string(options.slots) + " slots of " + std::to_string(options.ring_capacity) + " records");
    }
    const std::uint64_t bytes = arena_bytes(options.slots, options.ring_capacity);
    UniqueFd fd(::memfd_create("heddle-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) return fail_errno("cannot create the trace arena", "memfd_create");
    if (::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) {
        return fail_errno("cannot size the trace arena", std::to_string(bytes) + " bytes");
    }
    // Nobody can shrink the file under the reader, which would be a SIGBUS in Heddle (man 2 fcntl, "File Sealing").
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        return fail_errno("cannot seal the trace arena", "F_ADD_SEALS");
    }
    void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd.get(), 0);
    if (memory == MAP_FAILED) return fail_errno("cannot map the trace arena", std::to_string(bytes) + " bytes");
    return Arena(std::move(fd), static_cast<std::byte*>(memory), options);
}

Arena::Arena(UniqueFd fd, std::byte* memory, Options options)
    : fd_(std::move(fd)), memory_(memory), bytes_(arena_bytes(options.slots, options.ring_capacity)), options_(options) {
    auto* const header = new (memory_) ArenaHeader{};
    for (std::uint32_t i = 0; i < options_.slots; ++i) new (&slot(i)) ThreadSlot{};
    header->version = kArenaVersion;
    header->header_bytes = sizeof(ArenaHeader);
    header->slot_count = options_.slots;
    header->slot_bytes = sizeof(ThreadSlot);
    header->ring_capacity = options_.ring_capacity;
    header->rings_offset = rings_offset_for(options_.slots);
    header->total_bytes = bytes_;
    header->tick_source = options_.tick_source;
    header->process_limit = options_.process_limit;
    header->magic = kArenaMagic;
    start_ = TickConverter::read_anchor(options_.tick_source);
}

Arena::Arena(Arena&& other) noexcept
    : fd_(std::move(other.fd_)),
      memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_),
      options_(other.options_),
      start_(other.start_) {}

Arena& Arena::operator=(Arena&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(memory_, other.memory_);
    std::swap(bytes_, other.bytes_);
    std::swap(options_, other.options_);
    std::swap(start_, other.start_);
    return *this;
}

Arena::~Arena() {
    if (memory_ != nullptr) ::munmap(memory_, bytes_);
}

ThreadSlot& Arena::slot(std::uint32_t index) const {
    CHECK(index < options_.slots);
    return *reinterpret_cast<ThreadSlot*>(memory_ + sizeof(ArenaHeader) + std::size_t{index} * sizeof(ThreadSlot));
}

const Record* Arena::ring(std::uint32_t index) const {
    CHECK(index < options_.slots);
    return reinterpret_cast<const Record*>(memory_ + rings_offset_for(options_.slots) +
                                           index * options_.ring_capacity * sizeof(Record));
}

int Arena::live_processes() const {
    const int value = header().live_processes.load(std::memory_order_relaxed);
    return std::clamp(value, 0, static_cast<int>(options_.process_limit));
}

}  // namespace heddle::trace
