#include "app/layout/memory_layout.h"

#include <algorithm>
#include <optional>

#include "app/layout/memory_rows.h"

namespace heddle::layout {
namespace {

using model::RegionKind;

// A line of boxes at one height, one per column that has this region.
struct Shelf {
    GroupKey key;
    std::vector<std::optional<RegionGroup>> groups;  // by column
    float height = 0;
    bool gap_below = false;
};

// All columns' regions in one descending order. A region of a column that would have to go up again gets a shelf of its own.
std::vector<Shelf> shelves_of(const std::vector<const model::ProcessView*>& processes) {
    std::vector<Shelf> shelves;
    for (std::size_t column = 0; column < processes.size(); ++column) {
        std::size_t next = 0;
        for (RegionGroup& group : region_groups(*processes[column])) {
            auto found = std::find_if(shelves.begin() + static_cast<std::ptrdiff_t>(next), shelves.end(),
                                      [&](const Shelf& shelf) { return shelf.key == group.key && !shelf.groups[column]; });
            if (found == shelves.end()) {
                Shelf shelf;
                shelf.key = group.key;
                shelf.groups.resize(processes.size());
                found = shelves.insert(shelves.begin() + static_cast<std::ptrdiff_t>(next), std::move(shelf));
            }
            next = static_cast<std::size_t>(found - shelves.begin()) + 1;
            found->groups[column] = std::move(group);
        }
    }
    return shelves;
}

constexpr std::uint64_t kLeastGap = 64 * 1024;

// Bytes between a column's box on this shelf and its next one further down; 0: they touch, or nearly.
std::uint64_t gap_below(const std::vector<Shelf>& shelves, std::size_t shelf, std::size_t column) {
    for (std::size_t below = shelf + 1; below < shelves.size(); ++below) {
        if (!shelves[below].groups[column]) continue;
        const std::uint64_t bottom = shelves[shelf].groups[column]->start, top = shelves[below].groups[column]->end;
        return bottom > top && bottom - top >= kLeastGap ? bottom - top : 0;
    }
    return 0;
}

bool lies_in_freed_block(std::uint64_t address, const RegionGroup& group) {
    for (const model::RegionView* region : group.regions) {
        for (const model::BlockView& block : region->blocks)
            if (block.freed && address >= block.address && address < block.address + std::max<std::uint64_t>(1, block.size))
                return true;
    }
    return false;
}

class MemoryLayoutBuilder {
public:
    MemoryLayoutBuilder(const std::vector<const model::ProcessView*>& processes, Rect area, const MemoryOptions& options)
        : area_(area), options_(options), m_(options.metrics), shelves_(shelves_of(processes)) {
        const auto count = static_cast<float>(std::max<std::size_t>(1, processes.size()));
        const float gaps = m_.column_gap * (count - 1);
        column_width_ = (area.w - gaps) / count;
        for (std::size_t i = 0; i < processes.size(); ++i) {
            layout_.columns.push_back(
                {area.x + static_cast<float>(i) * (column_width_ + m_.column_gap), area.y, column_width_, 0});
        }
    }

    MemoryLayout build() {
        for (std::size_t i = 0; i < shelves_.size(); ++i) {
            for (std::size_t column = 0; column < layout_.columns.size(); ++column) {
                if (shelves_[i].groups[column] && gap_below(shelves_, i, column) > 0) shelves_[i].gap_below = true;
            }
        }
        float height = measure();
        if (height > area_.h) {
            layout_.compact = true;
            height = measure();
        }
        if (height < area_.h) spread(area_.h - height);
        place();
        add_joins();
        add_arrows();
        return std::move(layout_);
    }

private:
    bool opened(const GroupKey& key) const { return options_.opened.contains(key); }
    float row_height(bool open) const { return open && column_width_ < 14 * m_.header ? m_.row * 1.8f : m_.row; }
    int most_rows(const GroupKey& key) const { return opened(key) ? 1 << 20 : options_.rows_at_rest; }

    int reserved_rows(const GroupKey& key) const {
        const auto found = options_.reserved.find(key);
        return found == options_.reserved.end() || opened(key) ? 0 : std::min(found->second, options_.rows_at_rest);
    }

    float box_height(const RegionGroup& group) const {
        const bool open = opened(group.key);
        const std::size_t shown = shown_rows(group, all_rows(group, open), most_rows(group.key)).size();
        const int rows = std::max(static_cast<int>(shown), reserved_rows(group.key));
        const float body = rows > 0 ? static_cast<float>(rows) * row_height(open) + m_.padding / 2 : 0;
        return m_.header + (layout_.compact ? 0 : m_.address_line) + body;
    }

    float measure() {
        float height = 0;
        for (Shelf& shelf : shelves_) {
            shelf.height = 0;
            for (const auto& group : shelf.groups) {
                if (group) shelf.height = std::max(shelf.height, box_height(*group));
            }
            height += shelf.height + (shelf.gap_below ? m_.gap : 0) + m_.between;
        }
        return std::max(0.f, height - m_.between);
    }

    // Room that is left goes first to what grows: the stack and the heap.
    void spread(float room) {
        const auto weight = [](RegionKind kind) { return kind == RegionKind::kHeap || kind == RegionKind::kStack ? 3.f : 1.f; };
        float total = 0;
        for (const Shelf& shelf : shelves_) total += weight(shelf.key.kind);
        if (total <= 0) return;
        for (Shelf& shelf : shelves_) {
            const float share = room * weight(shelf.key.kind) / total;
            shelf.height += std::min(share, m_.header * weight(shelf.key.kind) * 0.6f);
        }
    }

    void place() {
        float y = area_.y;
        for (std::size_t i = 0; i < shelves_.size(); ++i) {
            for (std::size_t column = 0; column < layout_.columns.size(); ++column) {
                if (shelves_[i].groups[column]) place_box(i, column, y);
            }
            y += shelves_[i].height + (shelves_[i].gap_below ? m_.gap : 0) + m_.between;
        }
        layout_.height = std::max(0.f, y - m_.between - area_.y);
        for (Rect& column : layout_.columns) column.h = layout_.height;
    }

    void place_box(std::size_t shelf, std::size_t column, float y) {
        const RegionGroup& group = *shelves_[shelf].groups[column];
        RegionBox box;
        box.column = column, box.group = group, box.open = opened(group.key);
        box.box = {layout_.columns[column].x, y, column_width_ - m_.gutter, shelves_[shelf].height};
        Rect inner = box.box.inset(m_.padding, 0);
        box.header = inner.take_top(m_.header);
        if (!layout_.compact) box.address = inner.take_top(m_.address_line);
        const std::size_t known = all_rows(group, true).size();
        box.rows = shown_rows(group, all_rows(group, box.open), most_rows(group.key));
        box.rows_wanted = static_cast<int>(box.rows.size());
        const bool hides =
            !box.rows.empty() && std::any_of(box.rows.begin(), box.rows.end(), [](const MemoryRow& r) { return r.hidden > 0; });
        box.can_open = hides || known > box.rows.size() || known > 0;
        for (MemoryRow& row : box.rows) row.box = inner.take_top(row_height(box.open));
        layout_.boxes.push_back(std::move(box));
        const std::uint64_t bytes = gap_below(shelves_, shelf, column);
        if (bytes > 0) {
            const float top = y + shelves_[shelf].height + m_.between / 2;
            layout_.gaps.push_back({column, {layout_.columns[column].x, top, column_width_ - m_.gutter, m_.gap}, bytes});
        }
    }

    void add_joins() {
        for (std::size_t a = 0; a < layout_.boxes.size(); ++a) {
            for (std::size_t b = 0; b < layout_.boxes.size(); ++b) {
                const RegionBox &left = layout_.boxes[a], &right = layout_.boxes[b];
                if (left.column + 1 != right.column || left.box.y != right.box.y || left.group.key != right.group.key) continue;
                const bool same_name = left.group.first().name == right.group.first().name;
                if (!same_name || !left.group.shared() || !right.group.shared()) continue;
                const float height = std::min(left.box.h, right.box.h);
                layout_.joins.push_back({{left.box.right(), left.box.y, right.box.x - left.box.right(), height}, a, b});
            }
        }
    }

    // Right edge of what lies at an address: a variable's or block's line if it is shown, else its region's header.
    struct Target {
        Vec2 at;
        bool freed = false;
    };
    std::optional<Target> place_of(std::uint64_t address, std::size_t column) const {
        for (const RegionBox& box : layout_.boxes) {
            if (box.column != column || address < box.group.start || address >= box.group.end) continue;
            for (const MemoryRow& row : box.rows) {
                const auto within = [&](std::uint64_t start, std::uint64_t size) {
                    return address >= start && address < start + std::max<std::uint64_t>(1, size);
                };
                const bool hit = (row.variable && within(row.variable->address, row.variable->size)) ||
                                 (row.block && within(row.block->address, row.block->size));
                if (hit) return Target{{box.box.right(), row.box.center().y}, row.block && row.block->freed};
            }
            return Target{{box.box.right(), box.header.center().y}, lies_in_freed_block(address, box.group)};
        }
        return std::nullopt;
    }

    void add_arrows() {
        int count = 0;
        for (const RegionBox& box : layout_.boxes) {
            for (const MemoryRow& row : box.rows) {
                if (!row.variable || !row.variable->points_to) continue;
                const auto to = place_of(*row.variable->points_to, box.column);
                if (!to) continue;
                const float bend = m_.gutter * (0.35f + 0.15f * static_cast<float>(count++ % 4));
                layout_.arrows.push_back(
                    {box.column, {box.box.right(), row.box.center().y}, to->at, box.box.right() + bend, to->freed});
            }
        }
    }

    Rect area_;
    const MemoryOptions& options_;
    MemoryMetrics m_;
    std::vector<Shelf> shelves_;
    float column_width_ = 0;
    MemoryLayout layout_;
};

}  // namespace

MemoryMetrics MemoryMetrics::scaled(float by) const {
    return {header * by,  address_line * by, row * by,    gap * by,         between * by,
            padding * by, column_gap * by,   gutter * by, least_column * by};
}

MemoryLayout memory_layout(const std::vector<const model::ProcessView*>& processes, Rect area, const MemoryOptions& options) {
    if (processes.empty()) return {};
    return MemoryLayoutBuilder(processes, area, options).build();
}

std::size_t columns_that_fit(float width, const MemoryMetrics& metrics) {
    const float each = metrics.least_column + metrics.column_gap;
    return static_cast<std::size_t>(std::max(1.f, (width + metrics.column_gap) / each));
}

}  // namespace heddle::layout
