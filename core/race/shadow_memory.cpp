#include "core/race/shadow_memory.h"

#include <algorithm>

namespace heddle::race {
namespace {

constexpr std::uint8_t kWrites = 1, kAtomic = 2, kFrees = 4, kValueKnown = 8;

std::uint8_t flags_of(const ShadowAccess& access) {
    return static_cast<std::uint8_t>((access.writes ? kWrites : 0) | (access.atomic ? kAtomic : 0) |
                                     (access.frees ? kFrees : 0) | (access.value_known ? kValueKnown : 0));
}

bool conflict(std::uint8_t a, std::uint8_t b) {
    return ((a | b) & kWrites) != 0 && (a & b & kAtomic) == 0;
}

// Whatever races with an access of flags `old` races with a later, ordered one of flags `later` as well.
bool stands_in(std::uint8_t later, std::uint8_t old) {
    const bool writes = (later & kWrites) != 0 || (old & kWrites) == 0;
    const bool plain = (later & kAtomic) == 0 || (old & kAtomic) != 0;
    return (writes && plain) || ((old & (kWrites | kAtomic)) == kAtomic);  // an atomic read is the weakest of all
}

// The bytes of [address, address + left) that lie in address's granule, as a mask.
std::uint8_t mask_of(std::uint64_t address, std::uint64_t left) {
    const unsigned offset = address & 7U;
    const auto count = static_cast<unsigned>(std::min<std::uint64_t>(8 - offset, left));
    return static_cast<std::uint8_t>(((1U << count) - 1U) << offset);
}

// The end of [address, address + bytes), cut off at the end of the address space.
std::uint64_t end_of(std::uint64_t address, std::uint64_t bytes) {
    return bytes > ~address ? ~std::uint64_t{0} : address + bytes;
}

std::uint64_t next_granule(std::uint64_t at, std::uint64_t end) {
    return end - at <= 8 - at % 8 ? end : (at | 7U) + 1;
}

}  // namespace

ShadowMemory::ShadowMemory(ShadowLimits limits) : limits_(limits), cells_(1) {}

ShadowMemory::Page* ShadowMemory::find_page(const PageKey& key, bool make) {
    Seen& seen = seen_[PageHash{}(key) % seen_.size()];
    if (seen.page && seen.key == key) return seen.page;
    auto found = pages_.find(key);
    if (found == pages_.end()) {
        if (!make) return nullptr;
        if (pages_.size() >= limits_.pages) {
            complete_ = false;
            return nullptr;
        }
        found = pages_.emplace(key, std::make_unique<Page>()).first;
    }
    seen = {key, found->second.get()};
    return seen.page;
}

// Calls visit(page, from, to) for the part of [first, end) in each page; a range of any length costs no more than the pages
// there are.
template <class Visit>
void ShadowMemory::visit_pages(std::uint32_t space, std::uint64_t first, std::uint64_t end, Visit visit) {
    if (first >= end) return;
    const auto part = [&](std::uint64_t number, Page& page) {
        const std::uint64_t begin = number << kPageBits;
        visit(page, std::max(first, begin), std::min(end, end_of(begin, kPageBytes)));
    };
    const std::uint64_t first_page = first >> kPageBits, last_page = (end - 1) >> kPageBits;
    if (last_page - first_page < pages_.size()) {
        for (std::uint64_t number = first_page; number <= last_page; ++number)
            if (Page* page = find_page({space, number}, false)) part(number, *page);
    } else {
        for (auto& [key, page] : pages_)
            if (key.space == space && key.number >= first_page && key.number <= last_page) part(key.number, *page);
    }
}

void ShadowMemory::access(const Place& first, const ShadowAccess& access, const VectorClock& now, bool known_only,
                          std::vector<ShadowAccess>& racing) {
    const std::uint8_t flags = flags_of(access);
    const std::uint64_t end = end_of(first.address, access.size);
    const std::uint64_t whole = known_only ? first.address : end_of(first.address, std::min(access.size, kWholeRange));
    for (std::uint64_t at = first.address; at < whole;) {
        const std::uint64_t stop = std::min(whole, end_of(at, kPageBytes - at % kPageBytes));
        Page* page = find_page({first.space, at >> kPageBits}, true);
        for (; page && at < stop; at = next_granule(at, stop))
            check_granule((*page)[(at >> kGranuleBits) % page->size()], mask_of(at, whole - at), access, flags, now, racing);
        at = stop;
    }
    if (whole == end) return;
    if (!known_only) complete_ = false;
    visit_pages(first.space, whole, end, [&](Page& page, std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t at = from; at < to; at = next_granule(at, to)) {
            std::uint32_t& head = page[(at >> kGranuleBits) % page.size()];
            if (head != kNone) check_granule(head, mask_of(at, to - at), access, flags, now, racing);
        }
    });
}

void ShadowMemory::check_granule(std::uint32_t& head, std::uint8_t mask, const ShadowAccess& access, std::uint8_t flags,
                                 const VectorClock& now, std::vector<ShadowAccess>& racing) {
    if (head != kNone) {  // the same again, with nothing of anybody's in between
        Cell& cell = cells_[head];
        if (cell.epoch == access.epoch && cell.flags == flags && cell.mask == mask && cell.pc == access.pc) {
            cell.event = access.event;
            cell.address = access.address;
            cell.value = access.value;
            cell.size = access.size;
            return;
        }
    }
    unsigned length = 0;
    std::uint32_t spare = kNone;  // a cell that this access replaces becomes its own: the list stays where it is
    for (std::uint32_t* link = &head; *link != kNone;) {
        Cell& cell = cells_[*link];
        ++length;
        if ((cell.mask & mask) != 0) {
            const bool ordered = now.covers(cell.epoch);
            const bool races = !ordered && conflict(flags, cell.flags);
            if (races) racing.push_back(access_in(cell));
            if (stands_in(flags, cell.flags) && (ordered || (races && length > kRacingKept)))
                cell.mask &= static_cast<std::uint8_t>(~mask);
        }
        const bool too_many = length > kMostInGranule;
        if (cell.mask != 0 && !too_many) {
            link = &cell.next;
            continue;
        }
        if (cell.mask != 0) complete_ = false;
        const std::uint32_t gone = *link;
        *link = cell.next;
        if (spare == kNone) {
            spare = gone;
        } else {
            free_.push_back(gone);
        }
    }
    remember(head, spare, mask, access, flags);
}

void ShadowMemory::remember(std::uint32_t& head, std::uint32_t index, std::uint8_t mask, const ShadowAccess& access,
                            std::uint8_t flags) {
    if (index == kNone) index = free_cell();
    if (index == kNone) {
        complete_ = false;
        return;
    }
    cells_[index] = {.event = access.event,
                     .address = access.address,
                     .value = access.value,
                     .size = access.size,
                     .pc = access.pc,
                     .mask = mask,
                     .flags = flags,
                     .epoch = access.epoch,
                     .next = head};
    head = index;
}

std::uint32_t ShadowMemory::free_cell() {
    if (!free_.empty()) {
        const std::uint32_t index = free_.back();
        free_.pop_back();
        return index;
    }
    if (cells_.size() > limits_.cells) return kNone;
    cells_.emplace_back();
    return static_cast<std::uint32_t>(cells_.size() - 1);
}

ShadowAccess ShadowMemory::access_in(const Cell& cell) {
    return {.event = cell.event,
            .pc = cell.pc,
            .address = cell.address,
            .size = cell.size,
            .value = cell.value,
            .epoch = cell.epoch,
            .writes = (cell.flags & kWrites) != 0,
            .atomic = (cell.flags & kAtomic) != 0,
            .frees = (cell.flags & kFrees) != 0,
            .value_known = (cell.flags & kValueKnown) != 0};
}

void ShadowMemory::forget_in(std::uint32_t& head, std::uint8_t mask) {
    for (std::uint32_t* link = &head; *link != kNone;) {
        Cell& cell = cells_[*link];
        cell.mask &= static_cast<std::uint8_t>(~mask);
        if (cell.mask == 0) {
            free_.push_back(*link);
            *link = cell.next;
        } else {
            link = &cell.next;
        }
    }
}

void ShadowMemory::forget(const Place& first, std::uint64_t bytes) {
    visit_pages(first.space, first.address, end_of(first.address, bytes),
                [&](Page& page, std::uint64_t from, std::uint64_t to) {
                    for (std::uint64_t at = from; at < to; at = next_granule(at, to)) {
                        std::uint32_t& head = page[(at >> kGranuleBits) % page.size()];
                        if (head != kNone) forget_in(head, mask_of(at, to - at));
                    }
                });
}

void ShadowMemory::forget_space(std::uint32_t space) {
    for (auto page = pages_.begin(); page != pages_.end();) {
        if (page->first.space != space) {
            ++page;
            continue;
        }
        for (std::uint32_t& head : *page->second)
            if (head != kNone) forget_in(head, 0xff);
        page = pages_.erase(page);
    }
    seen_ = {};
}

}  // namespace heddle::race
