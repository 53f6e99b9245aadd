// Where a person chooses their own program: a field for its path with what the folder holds below it, and the programs that
// were opened last. O opens it. Main thread; draws, queues OpenPaths, reads no file: the caller lists the folder it asks for.
#pragma once

#include <string>
#include <vector>

#include "app/panels/panel.h"
#include "app/shell/command.h"
#include "app/shell/folder_list.h"
#include "app/widgets/controls.h"

namespace heddle::shell {

struct OpenDialogState {
    bool open = false;
    widgets::TextFieldState path;  // as typed: the part behind the last "/" narrows the list
    int selected = -1;             // among what is listed; -1: nothing, Enter opens what is typed
    bool fresh = true;             // was just opened: the field takes the focus
    widgets::ScrollState list, recent;
};

// The folder whose content the dialog wants to list; ends in "/".
std::string wanted_folder(const OpenDialogState& state);

void draw_open_dialog(const FolderList& folder, const std::vector<std::string>& recent, OpenDialogState& state,
                      panels::Context& context, Commands& commands, Rect whole);

}  // namespace heddle::shell
