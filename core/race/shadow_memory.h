// ShadowMemory: which accesses of each byte a later one may still race with, by granules of eight bytes. A granule keeps the
// accesses that no later ordered one stands in for: FastTrack's last write and reads, told apart further by byte mask and by
// atomic or not, each with all that a report says of it. Two accesses race when they share a byte, at least one writes, at
// least one is not atomic, and neither happens before the other.
//
// Of a granule with many accesses that race with each other only the latest are kept, so that not every pair of them is found;
// but each byte that had a race is reported with one.
//
// Bounded: when the cells or pages are used up, accesses are still checked but no longer remembered, and complete() says so.
// One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/race/place.h"
#include "core/race/vector_clock.h"

namespace heddle::race {

struct ShadowAccess {
    std::uint64_t event = 0, pc = 0;
    std::uint64_t address = 0, size = 0;  // of the whole access, in its process
    std::uint64_t value = 0;
    Epoch epoch;
    bool writes = false, atomic = false, frees = false, value_known = true;
};

struct ShadowLimits {
    std::size_t cells = std::size_t{1} << 21;  // 56 bytes each
    std::size_t pages = std::size_t{1} << 15;  // 2 KiB each, for 4 KiB of memory
};

class ShadowMemory {
public:
    static constexpr std::uint64_t kWholeRange = 1 << 20;  // longer ranges: the rest only where something was accessed before

    explicit ShadowMemory(ShadowLimits limits = {});

    // Appends the remembered accesses that race with this one (which is new in the log), then remembers it. `now`: the clock of
    // its thread. An access may be appended once for each granule. known_only: where nothing is remembered, neither is this.
    void access(const Place& first, const ShadowAccess& access, const VectorClock& now, bool known_only,
                std::vector<ShadowAccess>& racing);
    void forget(const Place& first, std::uint64_t bytes);  // the memory is used anew
    void forget_space(std::uint32_t space);

    bool complete() const { return complete_; }
    std::size_t cells() const { return cells_.size() - free_.size() - 1; }

private:
    static constexpr unsigned kPageBits = 12, kGranuleBits = 3;
    static constexpr std::uint64_t kPageBytes = std::uint64_t{1} << kPageBits;
    static constexpr std::uint32_t kNone = 0;  // cells_[0] is nobody's
    static constexpr unsigned kMostInGranule = 256;
    static constexpr unsigned kRacingKept = 8;
    struct Cell {
        std::uint64_t event, address, value, size;
        std::uint64_t pc : 48, mask : 8, flags : 8;
        Epoch epoch;
        std::uint32_t next;
    };
    using Page = std::array<std::uint32_t, 1U << (kPageBits - kGranuleBits)>;  // each granule's first cell
    struct PageKey {
        std::uint32_t space;
        std::uint64_t number;
        bool operator==(const PageKey&) const = default;
    };
    struct PageHash {
        std::size_t operator()(const PageKey& key) const {
            return static_cast<std::size_t>((key.number ^ std::uint64_t{key.space} << 40) * 0x9e3779b97f4a7c15U >> 16);
        }
    };
    struct Seen {  // a page found lately
        PageKey key{};
        Page* page = nullptr;
    };

    Page* find_page(const PageKey& key, bool make);
    template <class Visit>
    void visit_pages(std::uint32_t space, std::uint64_t first, std::uint64_t end, Visit visit);  // those that there are
    void check_granule(std::uint32_t& head, std::uint8_t mask, const ShadowAccess& access, std::uint8_t flags,
                       const VectorClock& now, std::vector<ShadowAccess>& racing);
    void remember(std::uint32_t& head, std::uint32_t index, std::uint8_t mask, const ShadowAccess& access, std::uint8_t flags);
    std::uint32_t free_cell();  // kNone: there is none left
    static ShadowAccess access_in(const Cell& cell);
    void forget_in(std::uint32_t& head, std::uint8_t mask);

    ShadowLimits limits_;
    std::unordered_map<PageKey, std::unique_ptr<Page>, PageHash> pages_;
    std::array<Seen, 64> seen_{};
    std::vector<Cell> cells_;
    std::vector<std::uint32_t> free_;
    bool complete_ = true;
};

}  // namespace heddle::race
