#include "core/explore/histories.h"

#include <algorithm>

namespace heddle::explore {

void Histories::begin(std::uint32_t threads) {
    ++stamp_;
    threads_ = threads;
}

History& Histories::of(std::uint64_t key) {
    const auto [place, fresh] = index_.try_emplace(key, static_cast<std::uint32_t>(histories_.size()));
    if (fresh) histories_.emplace_back();
    refresh(histories_[place->second]);
    return histories_[place->second];
}

History* Histories::known(std::uint64_t key) {
    return index_.contains(key) ? &of(key) : nullptr;
}

void Histories::refresh(History& found) {
    if (found.stamp == stamp_) return;
    found.stamp = stamp_;
    found.last.assign(threads_ * History::kRoles, History::kNone);
    found.arrivals.clear();
    found.posts.clear();
    found.acquired = 0;
}

Histories::Locations Histories::at(std::uint64_t address, std::uint64_t bytes) {
    CachedLocations& cached = cached_[(address >> 2 ^ address >> 8) % kCachedLocations];
    if (cached.address != address || cached.bytes != bytes) cached = {address, bytes, find(address, bytes)};
    for (std::size_t i = 0; i < cached.locations.count; ++i) refresh(*cached.locations.histories[i]);
    return cached.locations;
}

// One key for each part of memory that is always used as a whole; ranges that overlap without being equal become one part.
Histories::Locations Histories::find(std::uint64_t address, std::uint64_t bytes) {
    Locations locations;
    const std::uint64_t last = bytes > 0 ? (address + bytes - 1) >> 3 : address >> 3;
    for (std::uint64_t granule = address >> 3; granule <= last && locations.count < 3; ++granule) {
        const std::uint64_t base = granule << 3;
        auto from = static_cast<std::uint8_t>(address > base ? address - base : 0);
        auto to = static_cast<std::uint8_t>(std::min<std::uint64_t>(8, address + bytes - base));
        std::vector<Part>& parts = parts_[granule];
        Part* home = nullptr;
        for (Part& part : parts) {
            if (part.from >= to || from >= part.to) continue;
            overlap_ = overlap_ || (home == nullptr && (from < part.from || to > part.to)) || home != nullptr;
            from = std::min(from, part.from), to = std::max(to, part.to);
            if (home == nullptr) home = &part;
            home->from = std::min(home->from, from), home->to = std::max(home->to, to);
        }
        if (home == nullptr) home = &parts.emplace_back(Part{from, to, base << 1 | static_cast<std::uint64_t>(from) << 1});
        locations.histories[locations.count++] = &of(home->key);
    }
    if (overlap_) std::fill(std::begin(cached_), std::end(cached_), CachedLocations{});
    return locations;
}

}  // namespace heddle::explore
