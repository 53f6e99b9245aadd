#include "core/trace/shared_mappings.h"

#include <algorithm>

namespace heddle::trace {

namespace {

constexpr std::size_t kMost = 4096;                // more: somebody maps without end
constexpr std::uint64_t kSemaphoreBytes = 32;      // of a named one, which lies alone
constexpr std::uint64_t kMostBytes = 1ULL << 47U;  // of an address space

}  // namespace

void SharedMappings::on_call(CallId call, std::uint64_t address, std::int64_t result, SharedPlace& told) {
    switch (call) {
        case CallId::kSharedObject:
            told = {address, static_cast<std::uint64_t>(result)};
            break;
        case CallId::kMmap:
        case CallId::kShmAttach:
            if (address != 0 && result > 0) map(address, static_cast<std::uint64_t>(result), told);
            told = {};
            break;
        case CallId::kSemOpen:
            if (address != 0 && told.object != 0) map(address, kSemaphoreBytes, told);
            told = {};
            break;
        case CallId::kMunmap:
            if (result > 0) map(address, static_cast<std::uint64_t>(result), {});
            break;
        case CallId::kShmDetach:
            if (result >= 0) detach(address);
            break;
        default:
            break;
    }
}

void SharedMappings::detach(std::uint64_t start) {
    const auto place = find(start);
    if (!place) return;
    std::erase_if(mappings_, [&](const Mapping& each) {
        return each.place.object == place->object && each.place.offset - place->offset == each.start - start;
    });
}

void SharedMappings::map(std::uint64_t start, std::uint64_t bytes, SharedPlace place) {
    if (mappings_.empty() && place.object == 0) return;
    const std::uint64_t end = start + std::min(bytes, kMostBytes);
    std::vector<Mapping> kept;
    for (const Mapping& mapping : mappings_) {
        if (mapping.start < start) kept.push_back({mapping.start, std::min(mapping.end, start), mapping.place, mapping.sites});
        if (mapping.end <= end) continue;
        const std::uint64_t from = std::max(mapping.start, end);
        const SharedPlace place_behind{mapping.place.object, mapping.place.offset + (from - mapping.start)};
        kept.push_back({from, mapping.end, place_behind, mapping.sites});
    }
    if (place.object != 0 && kept.size() < kMost) kept.push_back({start, end, place, {}});
    mappings_ = std::move(kept);
}

std::optional<SharedPlace> SharedMappings::find(std::uint64_t address) const {
    for (const Mapping& mapping : mappings_) {
        if (address >= mapping.start && address < mapping.end)
            return SharedPlace{mapping.place.object, mapping.place.offset + (address - mapping.start)};
    }
    return std::nullopt;
}

void SharedMappings::note_calls(std::uint64_t start, const Sites& sites) {
    for (Mapping& mapping : mappings_)
        if (mapping.start == start) mapping.sites = sites;
}

std::optional<SharedMappings::Extent> SharedMappings::extent_around(std::uint64_t address) const {
    for (const Mapping& mapping : mappings_)
        if (address >= mapping.start && address < mapping.end)
            return Extent{mapping.start, mapping.end - mapping.start, mapping.sites};
    return std::nullopt;
}

std::vector<std::uint64_t> SharedMappings::addresses_of(const SharedPlace& place) const {
    std::vector<std::uint64_t> addresses;
    for (const Mapping& mapping : mappings_) {
        const std::uint64_t from = place.offset - mapping.place.offset;
        if (mapping.place.object == place.object && from < mapping.end - mapping.start)
            addresses.push_back(mapping.start + from);
    }
    return addresses;
}

}  // namespace heddle::trace
