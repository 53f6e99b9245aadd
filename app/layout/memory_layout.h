// Where the regions of one or several address spaces go: a column per process, high addresses on top, regions of the same kind
// at the same height in all of them, gaps folded. Pure; called by the memory panel once a frame. Keeps boxes from jumping
// between steps through the row counts that the caller remembers. Never invents a region or a value.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

// A region's place in the order of every address space: its kind and its number among that kind, from the top.
struct GroupKey {
    model::RegionKind kind = model::RegionKind::kOther;
    int ordinal = 0;
    auto operator<=>(const GroupKey&) const = default;
};

// Neighbouring mappings that are shown as one box: the parts of libraries, the read-only segments of a program.
struct RegionGroup {
    GroupKey key;
    std::uint64_t start = 0, end = 0;
    std::vector<const model::RegionView*> regions;  // descending addresses, at least one
    const model::RegionView& first() const { return *regions.front(); }
    bool shared() const;
    bool changed() const;
    std::uint64_t resident_bytes() const;
    std::uint64_t mapped_bytes() const;
};
std::vector<RegionGroup> region_groups(const model::ProcessView& process);

// One line inside a region's box. Exactly one of the pointers is set, or hidden > 0: "… 12 more".
struct MemoryRow {
    Rect box;
    int depth = 0;
    const model::VariableView* variable = nullptr;
    const model::FrameView* frame = nullptr;
    const model::BlockView* block = nullptr;
    const model::RegionView* region = nullptr;  // a part of a folded group
    std::size_t hidden = 0;
};

struct RegionBox {
    std::size_t column = 0;
    RegionGroup group;
    Rect box, header, address;  // address: its own line below the header; empty when compact
    bool open = false;          // shows all of its rows
    bool can_open = false;
    std::vector<MemoryRow> rows;
    int rows_wanted = 0;  // for MemoryOptions::reserved
};

struct GapBox {
    std::size_t column = 0;
    Rect box;
    std::uint64_t bytes = 0;
};

// The same memory in two neighbouring columns.
struct SharedJoin {
    Rect band;                        // between the two boxes
    std::size_t left = 0, right = 0;  // indices of boxes
};

struct PointerArrow {
    std::size_t column = 0;
    Vec2 from, to;
    float bend_x = 0;       // the arrow leaves to the right, turns here, and comes back
    bool dangling = false;  // to a block that was freed
};

struct MemoryMetrics {
    float header = 28, address_line = 18, row = 22, gap = 20, between = 6, padding = 12, column_gap = 24, gutter = 28;
    float least_column = 200;
    MemoryMetrics scaled(float by) const;
};

struct MemoryOptions {
    MemoryMetrics metrics;
    std::set<GroupKey> opened;         // by the learner
    std::map<GroupKey, int> reserved;  // rows each group has needed so far: its box never shrinks
    int rows_at_rest = 6;              // shown of a group that the learner has not opened
};

struct MemoryLayout {
    std::vector<Rect> columns;
    std::vector<RegionBox> boxes;
    std::vector<GapBox> gaps;
    std::vector<SharedJoin> joins;
    std::vector<PointerArrow> arrows;
    float height = 0;  // of the content; more than the area's: it scrolls
    bool compact = false;
};

// `area` is where the top of the content goes; boxes may lie below its bottom, never beside it.
MemoryLayout memory_layout(const std::vector<const model::ProcessView*>& processes, Rect area, const MemoryOptions& options);
// As many columns as are readable in that width.
std::size_t columns_that_fit(float width, const MemoryMetrics& metrics);

}  // namespace heddle::layout
