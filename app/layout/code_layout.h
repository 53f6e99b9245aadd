// Where the lines of a source file, their numbers and the threads' markers go. Pure; called by the code panel once a frame.
#pragma once

#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

struct CodeLine {
    int number = 0;  // from 1
    Rect row, number_box, text;
    std::vector<model::Number> threads;  // that stand here, ascending
    std::vector<Rect> markers;           // side by side; fewer than threads when they do not fit: the last one counts the rest
};

struct CodeLayout {
    std::vector<CodeLine> lines;  // those that can be seen
    float gutter = 0;             // markers and numbers; the text begins behind it
    float height = 0;             // of all lines
};

// scroll: pixels above the top. most_markers: room that the gutter keeps, so that code does not move as threads come and go.
CodeLayout code_layout(const model::CodeView& code, Rect area, float line_height, float digit_width, float marker,
                       int most_markers, float scroll);

// The scroll at which `line` is comfortably seen: unchanged while it is within the middle of the view, else a third from the
// top.
float calm_scroll(float scroll, int line, std::size_t lines, float line_height, float view_height);
// The least movement from there on that shows another line beside it; none where both have no room.
float scroll_to_both(float scroll, int line, int other, float line_height, float view_height);

}  // namespace heddle::layout
