#include "app/layout/grid_layout.h"

#include <algorithm>

namespace heddle::layout {

FieldGrid field_grid(Rect area, std::size_t fields, float row, float gap, float least_width) {
    FieldGrid grid;
    const std::size_t columns = area.w >= 2 * least_width + 2 * gap ? 2 : 1;
    const float width = (area.w - 2 * gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    for (std::size_t i = 0; i < fields; ++i) {
        const auto column = static_cast<float>(i % columns), line = static_cast<float>(i / columns);
        grid.cells.push_back({area.x + column * (width + 2 * gap), area.y + line * (row + gap), width, row});
    }
    grid.height = grid.cells.empty() ? 0 : grid.cells.back().bottom() - area.y;
    return grid;
}

CpuRows cpu_rows(Rect area, std::size_t cpus, float line) {
    CpuRows result;
    const float pad = line * 0.5f, gap = line * 0.45f;
    const bool wide = area.w > line * 24;
    const float height = wide ? line * 2.6f : line * 4.4f;
    for (std::size_t i = 0; i < cpus; ++i) {
        CpuRow row;
        row.box = area.take_top(height, gap);
        row.box.h = height;  // below the area when it scrolls
        row.box.y = (result.rows.empty() ? row.box.y : result.rows.back().box.bottom() + gap);
        Rect inner = row.box.inset(pad, pad * 0.6f);
        Rect head = wide ? inner.take_left(line * 10, pad) : inner.take_top(line * 1.5f, pad * 0.4f);
        row.name = head.take_left(line * 3.6f, pad);
        row.now = head;
        row.share = inner.take_bottom(inner.h * 0.36f);
        inner.h -= 3;
        row.history = inner;
        result.rows.push_back(row);
    }
    result.height = result.rows.empty() ? 0 : result.rows.back().box.bottom() - result.rows.front().box.y;
    return result;
}

bool same_page(const model::PageView* a, const model::PageView* b) {
    if (!a || !b || !a->present || !b->present || a->exclusive || b->exclusive) return false;
    const bool known = a->frame_number != 0 && b->frame_number != 0;
    return !known || a->frame_number == b->frame_number;
}

PageTable page_table(const std::vector<const model::ProcessView*>& processes, Rect area, float line) {
    PageTable table;
    std::vector<std::uint64_t> addresses;
    for (const model::ProcessView* process : processes) {
        for (const model::PageView& page : process->pages) addresses.push_back(page.address);
    }
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    const auto count = static_cast<float>(std::max<std::size_t>(1, processes.size()));
    const float gap = area.w < line * 24 ? line * 0.7f : line * 1.6f, label_width = std::min(line * 8, area.w * 0.32f),
                top = area.y;
    const float width = std::max(1.f, (area.w - label_width - gap * count) / count);
    const auto column_x = [&](std::size_t column) {
        return area.x + label_width + gap + static_cast<float>(column) * (width + gap);
    };
    for (std::size_t column = 0; column < processes.size(); ++column)
        table.heads.push_back({column_x(column), area.y, width, line * 1.6f});
    float y = area.y + line * 1.8f;
    const float row_height = line * 2.5f;
    for (const std::uint64_t address : addresses) {
        PageRow row;
        row.address = address;
        row.label = {area.x, y, label_width, row_height};
        for (std::size_t column = 0; column < processes.size(); ++column) {
            const auto& pages = processes[column]->pages;
            const auto found =
                std::find_if(pages.begin(), pages.end(), [&](const model::PageView& page) { return page.address == address; });
            row.pages.push_back(found == pages.end() ? nullptr : &*found);
            row.cells.push_back({column_x(column), y, width, row_height});
        }
        table.rows.push_back(std::move(row));
        y += row_height + line * 0.4f;
    }
    table.height = y - top;
    return table;
}

namespace {

StackColumn stack_column(const model::ThreadView& thread, Rect area, float line, std::size_t most_frames) {
    StackColumn column;
    column.thread = &thread;
    column.head = area.take_top(line * 1.8f, line * 0.2f);
    std::vector<const model::FrameView*> frames;
    for (const model::FrameView& frame : thread.stack) frames.push_back(&frame);
    const std::size_t hidden = frames.size() > most_frames ? frames.size() - most_frames : 0;
    float y = area.y;
    const float pad = line * 0.5f;
    if (hidden > 0) {
        FrameBox more;
        more.hidden = hidden;
        more.box = {area.x, y, area.w, line * 1.6f};
        more.header = more.box.inset(pad, 0);
        y = more.box.bottom() + 2;
        column.frames.push_back(std::move(more));
    }
    for (std::size_t i = hidden; i < frames.size(); ++i) {
        FrameBox box;
        box.frame = frames[i];
        const auto rows = static_cast<float>(frames[i]->variables.size());
        box.box = {area.x, y, area.w, line * 1.7f + rows * line * 1.25f + (rows > 0 ? pad * 0.6f : 0)};
        Rect inner = box.box.inset(pad, 0);
        box.header = inner.take_top(line * 1.7f);
        for (std::size_t v = 0; v < frames[i]->variables.size(); ++v) box.rows.push_back(inner.take_top(line * 1.25f));
        y = box.box.bottom() + 2;
        column.frames.push_back(std::move(box));
    }
    column.growth = {area.x, y, area.w, line * 1.5f};
    return column;
}

}  // namespace

StackColumns stack_columns(const std::vector<const model::ThreadView*>& threads, Rect area, float line,
                           std::size_t most_frames) {
    StackColumns result;
    const auto count = static_cast<float>(std::max<std::size_t>(1, threads.size()));
    const float gap = line * 0.8f, width = (area.w - gap * (count - 1)) / count;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        const Rect box{area.x + static_cast<float>(i) * (width + gap), area.y, width, area.h};
        result.columns.push_back(stack_column(*threads[i], box, line, most_frames));
        result.height = std::max(result.height, result.columns.back().growth.bottom() - area.y);
    }
    return result;
}

}  // namespace heddle::layout
