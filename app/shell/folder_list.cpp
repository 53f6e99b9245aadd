#include "app/shell/folder_list.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/catalog/own_program.h"

namespace heddle::shell {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostEntries = 5000;

std::optional<FolderEntry> entry_of(const fs::directory_entry& found) {
    std::error_code error;
    FolderEntry entry;
    entry.name = found.path().filename().string();
    if (entry.name.starts_with(".")) return std::nullopt;
    if (found.is_directory(error))
        entry.kind = FolderEntry::Kind::kFolder;
    else if (!found.is_regular_file(error))
        return std::nullopt;
    else if (catalog::is_source(found.path()))
        entry.kind = FolderEntry::Kind::kSource;
    else if (found.path().extension() == ".heddle")
        entry.kind = FolderEntry::Kind::kSavedRun;
    else if (::access(found.path().c_str(), X_OK) == 0)
        entry.kind = FolderEntry::Kind::kProgram;
    else
        return std::nullopt;
    return entry;
}

}  // namespace

FolderList list_folder(const std::string& folder) {
    FolderList list;
    list.folder = folder;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end && list.entries.size() < kMostEntries;
         at.increment(error)) {
        if (auto entry = entry_of(*at)) list.entries.push_back(std::move(*entry));
    }
    if (error) list.problem = error.message();
    std::sort(list.entries.begin(), list.entries.end(),
              [](const FolderEntry& a, const FolderEntry& b) { return a.kind != b.kind ? a.kind < b.kind : a.name < b.name; });
    for (const FolderEntry& entry : list.entries) list.sources += entry.kind == FolderEntry::Kind::kSource ? 1 : 0;
    return list;
}

std::string absolute_path(std::string typed) {
    const char* const home = std::getenv("HOME");
    if (home != nullptr && (typed == "~" || typed.starts_with("~/"))) typed = home + typed.substr(1);
    if (typed.starts_with("/")) return typed;
    std::error_code error;
    const std::string here = fs::current_path(error).string();
    return (here == "/" ? here : here + "/") + typed;
}

}  // namespace heddle::shell
