#include "core/fibers/granules.h"

#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

namespace bits = trace::granule_bits;

// Its entry, or the empty slot where it belongs; null: the table is full.
std::uint64_t* entry_of(std::uint64_t granule) {
    std::uint32_t slot = bits::first_slot(granule);
    for (std::uint32_t tried = 0; tried < trace::kGranuleSlots; ++tried, slot = (slot + 1) % trace::kGranuleSlots) {
        std::uint64_t& entry = g_board->granules[slot];
        if (entry == 0 || entry >> bits::kShift == granule) return &entry;
    }
    return nullptr;
}

bool note_use(std::uint64_t& entry, bool writes) {
    if (bits::visible(entry)) return true;
    if ((entry & bits::kOwnerMask) != g_current) entry |= bits::kShared;
    if (writes) entry |= bits::kWritten;
    if (bits::visible(entry)) ++g_board->newly_visible;
    return bits::visible(entry);
}

}  // namespace

// In Step whatever lies beyond the thread's own stack is shown anyway, but for the further parts of a block.
bool note_granule(std::uint64_t granule, bool writes) {
    static bool full = false;
    if (full) return false;
    std::uint64_t* const entry = entry_of(granule);
    if (entry == nullptr && g_searching) end_execution(trace::Ending::kUnsupported, 0, 0, ending_text::kMuchMemory.words);
    full = entry == nullptr;
    if (full) return false;
    if (*entry != 0) return note_use(*entry, writes);
    *entry = granule << bits::kShift | bits::kUsed | g_current | (writes ? bits::kWritten : 0);
    return false;
}

bool note_freed_granules(std::uint64_t address, std::uint64_t bytes) {
    const std::uint64_t first = address >> 3, last = (address + bytes - 1) >> 3;
    bool visible = note_granule(first, true);  // also one that nobody used: it may be freed twice
    if (last - first >= trace::kGranuleSlots) {
        for (std::uint64_t& entry : g_board->granules) {
            const std::uint64_t granule = entry >> bits::kShift;
            if (entry != 0 && granule > first && granule <= last) visible = note_use(entry, true) || visible;
        }
        return visible;
    }
    for (std::uint64_t granule = first + 1; granule <= last; ++granule) {
        std::uint64_t* const entry = entry_of(granule);
        if (entry != nullptr && *entry != 0) visible = note_use(*entry, true) || visible;
    }
    return visible;
}

}  // namespace heddle::fibers
