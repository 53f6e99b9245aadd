#include "core/fibers/shared_memory.h"

#include <atomic>

#include "core/fibers/maps.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {
namespace {

std::atomic<std::uint32_t> g_mappings_made = 0;

}  // namespace

std::uint64_t shared_place(std::uint64_t address) {
    Maps maps;
    do {
        const std::uint64_t start = maps.number(16), end = maps.number(16);
        if (end <= address) continue;
        if (start > address) return 0;
        for (int i = 0; i < 3; ++i) maps.next();  // what may be done with it
        if (maps.next() != 's') return 0;
        maps.next();
        const std::uint64_t offset = maps.number(16), major = maps.number(16), minor = maps.number(16), inode = maps.number(10);
        return kSharedPlace | (mix(mix(major << 32 | minor, inode), offset + (address - start)) & ~std::uint64_t{7}) |
               (address & 7);
    } while (maps.next_line());
    return 0;
}

void note_new_mapping() {
    g_mappings_made.fetch_add(1);
}

std::uint32_t mappings_made() {
    return g_mappings_made.load();
}

}  // namespace heddle::fibers
