// What the stage shows of a program that cannot be built: its source with the compiler's words at their lines, and all of them
// as a list that leads there. Main thread; draws a snapshot, queues nothing.
#pragma once

#include "app/panels/code_panel.h"

namespace heddle::shell {

struct BuildErrorsState {
    std::shared_ptr<const model::SourceFile> seen;  // the source whose first error was brought into sight
    widgets::ScrollState scroll;
};

void draw_build_errors(const model::Snapshot& snapshot, BuildErrorsState& state, panels::CodeState& code,
                       panels::Context& context, Rect rect);

}  // namespace heddle::shell
