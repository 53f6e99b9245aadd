#include "app/shell/disk_facts.h"

#include <filesystem>

#include "app/shell/recent_programs.h"
#include "core/session/kept_input.h"

namespace heddle::shell {

void DiskFacts::load_recent() {
    recent_ = load_recent_programs(recent_programs_path());
}

Result<> DiskFacts::remember(const std::string& id) {
    return remember_program(recent_programs_path(), recent_, id);
}

std::string DiskFacts::first_folder() const {
    if (recent_.empty()) return absolute_path("");
    return std::filesystem::path(catalog::targets_of_id(recent_.front()).front()).parent_path().string() + "/";
}

bool DiskFacts::follow_folder(const OpenDialogState& dialog, Glyphs& glyphs) {
    if (!dialog.open) return folder_.folder.clear(), false;
    const std::string wanted = wanted_folder(dialog);
    if (wanted == folder_.folder) return false;
    folder_ = list_folder(wanted);
    bool grew = glyphs.add_words(wanted);
    for (const FolderEntry& entry : folder_.entries) grew |= glyphs.add_words(entry.name);
    for (const std::string& id : recent_) grew |= glyphs.add_words(id);
    return grew;
}

bool DiskFacts::follow_launch(const Workbench& bench, Glyphs& glyphs) {
    const catalog::OwnProgram* const own = bench.own_program();
    if (own == nullptr) return launch_.reset(), launch_of_.clear(), false;
    const std::string& id = bench.scenario()->id;
    if (launch_of_ == id) return false;
    launch_of_ = id;
    launch_ = launch_facts(*own, session::read_input(own->input));
    return glyphs.add_words(launch_->arguments + launch_->flags);
}

}  // namespace heddle::shell
