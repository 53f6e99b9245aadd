// The first half of the memory layout: which mappings make one box.
#include <algorithm>

#include "app/layout/memory_layout.h"

namespace heddle::layout {
namespace {

using model::RegionKind;
using model::RegionView;

// A mapping with something of its own to show is never folded into its neighbour's box.
bool folds(const RegionView& region) {
    const bool plain =
        region.variables.empty() && region.frames.empty() && region.blocks.empty() && region.thread == model::kNobody;
    const bool shared_memory = region.permissions.size() > 3 && region.permissions[3] == 's';
    return plain && !shared_memory && region.kind != RegionKind::kKernel && region.kind != RegionKind::kStack;
}

bool same_box(RegionKind a, RegionKind b) {
    const auto mapped = [](RegionKind kind) { return kind == RegionKind::kMapped || kind == RegionKind::kOther; };
    return a == b || (mapped(a) && mapped(b));
}

}  // namespace

bool RegionGroup::shared() const {
    return std::all_of(regions.begin(), regions.end(), [](const RegionView* region) { return region->shared; });
}

bool RegionGroup::changed() const {
    return std::any_of(regions.begin(), regions.end(), [](const RegionView* region) { return region->changed; });
}

std::uint64_t RegionGroup::resident_bytes() const {
    std::uint64_t sum = 0;
    for (const RegionView* region : regions) sum += region->resident_bytes;
    return sum;
}

std::uint64_t RegionGroup::mapped_bytes() const {
    std::uint64_t sum = 0;
    for (const RegionView* region : regions) sum += region->end - region->start;
    return sum;
}

std::vector<RegionGroup> region_groups(const model::ProcessView& process) {
    std::vector<RegionGroup> groups;
    for (const RegionView& region : process.regions) {
        if (!groups.empty()) {
            RegionGroup& last = groups.back();
            if (same_box(last.first().kind, region.kind) && folds(region) && folds(*last.regions.back())) {
                last.start = std::min(last.start, region.start);
                last.regions.push_back(&region);
                continue;
            }
        }
        RegionGroup group;
        group.start = region.start, group.end = region.end;
        group.regions.push_back(&region);
        groups.push_back(std::move(group));
    }
    std::map<RegionKind, int> seen;
    for (RegionGroup& group : groups) {
        const RegionKind kind = group.first().kind == RegionKind::kOther ? RegionKind::kMapped : group.first().kind;
        group.key = {kind, seen[kind]++};
    }
    return groups;
}

}  // namespace heddle::layout
