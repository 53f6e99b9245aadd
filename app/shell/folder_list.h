// What the dialog that opens a program lists: the folders, sources and programs in one folder. Read on the main thread when the
// folder changes; never while drawing.
#pragma once

#include <string>
#include <vector>

namespace heddle::shell {

struct FolderEntry {
    enum class Kind : unsigned char { kFolder, kSource, kProgram, kSavedRun };
    std::string name;
    Kind kind = Kind::kSource;
};

struct FolderList {
    std::string folder;                // with a "/" at its end
    std::vector<FolderEntry> entries;  // folders first, each kind by name
    std::string problem;               // why it cannot be read; empty: it was
    std::size_t sources = 0;           // how many of the entries are source files
};

FolderList list_folder(const std::string& folder);

// "~/x" and "x" as absolute paths; a "/" at the end stays.
std::string absolute_path(std::string typed);

}  // namespace heddle::shell
