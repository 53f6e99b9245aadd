#include "app/layout/memory_rows.h"

#include <algorithm>

namespace heddle::layout {
namespace {

constexpr std::size_t kMostRows = 400;  // of one box; an array of a million elements is not a picture

void add_variable(const model::VariableView& variable, int depth, bool all, std::vector<MemoryRow>& out) {
    if (out.size() >= kMostRows) return;
    MemoryRow row;
    row.depth = depth, row.variable = &variable;
    out.push_back(row);
    if (!all) return;
    for (const model::VariableView& child : variable.children) add_variable(child, depth + 1, all, out);
}

bool changed(const MemoryRow& row) {
    return (row.variable && row.variable->changed) || (row.block && row.block->changed);
}

}  // namespace

std::vector<MemoryRow> all_rows(const RegionGroup& group, bool all) {
    std::vector<MemoryRow> rows;
    for (const model::RegionView* region : group.regions) {
        for (const model::FrameView& frame : region->frames) {
            if (!frame.user_code && !all) continue;
            MemoryRow row;
            row.frame = &frame;
            rows.push_back(row);
            for (const model::VariableView& variable : frame.variables) add_variable(variable, 1, all, rows);
        }
        for (const model::VariableView& variable : region->variables) add_variable(variable, 0, all, rows);
        for (const model::BlockView& block : region->blocks) {
            if (rows.size() >= kMostRows) break;
            MemoryRow row;
            row.block = &block;
            rows.push_back(row);
        }
        if (all && group.regions.size() > 1) {
            MemoryRow row;
            row.region = region;
            rows.push_back(row);
        }
    }
    return rows;
}

std::vector<MemoryRow> shown_rows(const RegionGroup& group, std::vector<MemoryRow> rows, int most) {
    const auto limit = static_cast<std::size_t>(std::max(1, most));
    if (rows.size() <= limit) return rows;
    const std::size_t kept = limit - 1;
    MemoryRow more;
    more.hidden = rows.size() - kept;
    if (group.key.kind == model::RegionKind::kStack) {
        std::vector<MemoryRow> shown{more};
        shown.insert(shown.end(), rows.end() - static_cast<std::ptrdiff_t>(kept), rows.end());
        return shown;
    }
    const auto border = rows.begin() + static_cast<std::ptrdiff_t>(kept);
    const auto late_change = std::find_if(border, rows.end(), changed);
    if (late_change != rows.end() && kept > 0) rows[kept - 1] = *late_change;
    rows.resize(kept);
    rows.push_back(more);
    return rows;
}

}  // namespace heddle::layout
