// Code: the real source of the program, syntax coloured, with each thread's marker at the line where it stands and the line of
// the event at the playhead lit. Main thread; draws a snapshot, queues nothing.
#pragma once

#include <memory>
#include <vector>

#include "app/layout/cpp_lexer.h"
#include "app/panels/panel.h"

namespace heddle::panels {

struct CodeState {
    std::shared_ptr<const model::SourceFile> source;  // what `tokens` belongs to
    std::vector<std::vector<layout::Token>> tokens;
    int most_markers = 2;  // on one line so far: the gutter never shrinks
    int shown_line = 0;    // that the view last followed
    widgets::ScrollState scroll;
};

void draw_code(const model::Snapshot& snapshot, CodeState& state, Context& context, Rect rect);

}  // namespace heddle::panels
