// DiskFacts: what the window shows of one's own programs as they lie on the disk: the folder that the dialog lists, the
// programs opened last, and what the open one is started with. Followed between frames; never while drawing. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/folder_list.h"
#include "app/shell/glyphs.h"
#include "app/shell/launch_dialog.h"
#include "app/shell/open_dialog.h"
#include "app/shell/workbench.h"
#include "core/base/result.h"

namespace heddle::shell {

class DiskFacts {
public:
    void load_recent();
    Result<> remember(const std::string& id);
    // Where the dialog begins: where the last program lies, else in the folder Heddle was started in.
    std::string first_folder() const;

    // True: what there is to show has new characters, which `glyphs` has now.
    bool follow_folder(const OpenDialogState& dialog, Glyphs& glyphs);
    bool follow_launch(const Workbench& bench, Glyphs& glyphs);
    void forget_launch() { launch_of_.clear(); }  // it is found out anew

    const FolderList& folder() const { return folder_; }
    const std::vector<std::string>& recent() const { return recent_; }
    const std::optional<LaunchFacts>& launch() const { return launch_; }  // of one's own program

private:
    FolderList folder_;
    std::vector<std::string> recent_;
    std::optional<LaunchFacts> launch_;
    std::string launch_of_;  // the program's id
};

}  // namespace heddle::shell
