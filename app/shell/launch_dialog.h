// What one's own program gets when it is run: its arguments, the flags it is compiled with, and what it reads from its standard
// input. A button in the run bar says what that is, a dialog changes it. Main thread; draws and queues commands, reads no file.
#pragma once

#include <optional>
#include <string>

#include "app/shell/command.h"
#include "app/widgets/controls.h"
#include "core/catalog/own_program.h"

namespace heddle::shell {

// For the button.
struct LaunchFacts {
    std::string arguments;                  // as one would type them
    bool reads = false;                     // there is an input
    std::optional<std::size_t> lines = {};  // of what can be read of it; nullopt: it cannot be shown
    std::string flags = {};                 // for the compiler, as one would type them
};
// input: what can be read of it; nullopt: nothing is there, or it can be read only once.
LaunchFacts launch_facts(const catalog::OwnProgram& own, const std::optional<std::string>& input);

struct LaunchDialogState {
    bool open = false;
    bool fresh = true;  // was just opened: the input takes the focus, or what is complained of
    widgets::TextFieldState arguments, flags;
    bool compiles = true;   // there is something to compile
    std::string complaint;  // of the compiler about its flags; empty: none
    widgets::TextAreaState input;
    std::string given;      // the input as it was when the dialog opened
    std::string elsewhere;  // what is read instead, for it cannot be shown here; empty: nothing

    std::string typed() const { return input.edited.text + arguments.text + flags.text; }
};
// compiles: it is not built already. complaint: of the compiler about its flags, when it last had them.
LaunchDialogState launch_dialog_of(const catalog::OwnProgram& own, const std::optional<std::string>& input,
                                   bool compiles = true, std::string complaint = {});

void draw_launch_button(const LaunchFacts& facts, widgets::Ui& ui, Commands& commands, Rect row);
void draw_launch_dialog(LaunchDialogState& state, widgets::Ui& ui, Commands& commands, Rect whole);

}  // namespace heddle::shell
