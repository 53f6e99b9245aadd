// Code: the real source of the program, syntax coloured, with each thread's marker at the line where it stands and the line of
// the event at the playhead lit; what the compiler says of a line stands beside it. Of several files the one of the event is
// shown, or the one that was asked for since. Main thread; draws a snapshot, queues nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/layout/cpp_lexer.h"
#include "app/panels/panel.h"

namespace heddle::panels {

struct CodeState {
    std::shared_ptr<const model::SourceFile> source;  // what `tokens` belongs to
    std::vector<std::vector<layout::Token>> tokens;
    int most_markers = 2;  // on one line so far: the gutter never shrinks
    int shown_line = 0;    // that the view last followed
    int wanted_line = 0;   // to be shown next; 0: none
    widgets::ScrollState scroll;
    std::string chosen;                                  // path of the file the person asked for; empty: as the run goes
    std::shared_ptr<const model::SourceFile> chosen_at;  // the run's own file then: when that changes, it is followed again
};

// Shows a line of one of the program's files, in a third of the view.
void show_line(const model::Snapshot& snapshot, const std::string& file, int line, CodeState& state);

void draw_code(const model::Snapshot& snapshot, CodeState& state, Context& context, Rect rect);

}  // namespace heddle::panels
