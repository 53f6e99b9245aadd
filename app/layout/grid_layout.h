// The plain layouts: a grid of fields (PCB), rows of CPUs, a table of pages by process, columns of stack frames. Pure; each is
// called by the panel it is named after once a frame.
#pragma once

#include <cstdint>
#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

struct FieldGrid {
    std::vector<Rect> cells;  // in reading order: left to right, then down
    float height = 0;
};
// As many columns as are at least `least_width` wide, at most two: a PCB is read like a form.
FieldGrid field_grid(Rect area, std::size_t fields, float row, float gap, float least_width);

struct CpuRow {
    Rect box, name, now, history, share;
};
struct CpuRows {
    std::vector<CpuRow> rows;
    float height = 0;
};
// A row per CPU: its name, who runs now, its history over time and each thread's part of it.
CpuRows cpu_rows(Rect area, std::size_t cpus, float line);

// One page address and its page in each process (null where the process has none).
struct PageRow {
    std::uint64_t address = 0;
    std::vector<const model::PageView*> pages;  // by column
    Rect label;
    std::vector<Rect> cells;  // by column
};
struct PageTable {
    std::vector<Rect> heads;  // by column
    std::vector<PageRow> rows;
    float height = 0;
};
// Rows by ascending address over all processes, so that the same page lies at the same height.
PageTable page_table(const std::vector<const model::ProcessView*>& processes, Rect area, float line);
// Two processes see one physical page: both present, neither exclusive, and the same frame where frame numbers are known.
bool same_page(const model::PageView* a, const model::PageView* b);

struct FrameBox {
    const model::FrameView* frame = nullptr;  // null: `hidden` older frames
    std::size_t hidden = 0;
    Rect box, header;
    std::vector<Rect> rows;  // parallel to frame->variables
};
struct StackColumn {
    const model::ThreadView* thread = nullptr;
    Rect head;
    std::vector<FrameBox> frames;  // outermost first: the stack grows downwards
    Rect growth;                   // below the innermost frame
};
struct StackColumns {
    std::vector<StackColumn> columns;
    float height = 0;
};
StackColumns stack_columns(const std::vector<const model::ThreadView*>& threads, Rect area, float line,
                           std::size_t most_frames);

}  // namespace heddle::layout
