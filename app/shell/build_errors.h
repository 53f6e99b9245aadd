// What the stage shows of a program that cannot be built: its source with the compiler's words at their lines, and all of them
// as a list that leads there, or to the compiler's flags. Main thread; draws a snapshot, queues commands.
#pragma once

#include "app/panels/code_panel.h"
#include "app/shell/command.h"

namespace heddle::shell {

struct BuildErrorsState {
    std::shared_ptr<const model::SourceFile> seen;  // the source whose first error was brought into sight
    widgets::ScrollState scroll;
};

// What is wrong with how the compiler was called, at no line of the program: its first error of that kind; empty: none.
std::string complaint_about_flags(const model::Snapshot& snapshot);

void draw_build_errors(const model::Snapshot& snapshot, BuildErrorsState& state, panels::CodeState& code,
                       panels::Context& context, Commands& commands, Rect rect);

}  // namespace heddle::shell
