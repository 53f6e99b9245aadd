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
        Part whole{static_cast<std::uint8_t>(address > base ? address - base : 0),
                   static_cast<std::uint8_t>(std::min<std::uint64_t>(8, address + bytes - base)), 0};
        const auto overlaps = [&](const Part& part) { return part.from < whole.to && whole.from < part.to; };
        std::vector<Part>& parts = parts_[granule];
        const auto home = std::find_if(parts.begin(), parts.end(), overlaps);
        if (home == parts.end()) {
            whole.key = base << 1 | static_cast<std::uint64_t>(whole.from) << 1;
            parts.push_back(whole);
        } else if (whole.from >= home->from && whole.to <= home->to) {
            whole = *home;
        } else {
            overlap_ = true;
            whole.key = home->key;
            for (const Part& part : parts) {
                if (!overlaps(part)) continue;
                whole.from = std::min(whole.from, part.from), whole.to = std::max(whole.to, part.to);
            }
            std::erase_if(parts, overlaps);
            parts.push_back(whole);
        }
        locations.histories[locations.count++] = &of(whole.key);
    }
    if (overlap_) std::fill(std::begin(cached_), std::end(cached_), CachedLocations{});
    return locations;
}

}  // namespace heddle::explore
