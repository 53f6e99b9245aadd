#include "core/base/data_folder.h"

#include <cstdlib>

namespace heddle {
namespace {

namespace fs = std::filesystem;

Result<fs::path> existing(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return folder;
    return fail("Heddle's files are missing", folder.string(),
                "Install or build Heddle again, or set HEDDLE_DATA_DIR to its share/heddle.");
}

}  // namespace

Result<fs::path> find_data_folder() {
    if (const char* const set = std::getenv("HEDDLE_DATA_DIR"); set != nullptr && *set != 0) return existing(set);
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) return fail("cannot find Heddle's own program", "/proc/self/exe", "Mount /proc.");
    // An installed program never looks into the sources it was built from.
    if (fs::exists(program.parent_path() / "CMakeCache.txt", error)) return existing(HEDDLE_SOURCE_DIR);
    return existing(program.parent_path().parent_path() / "share/heddle");
}

Result<std::string> find_data(const std::string& name) {
    const fs::path folder = TRY(find_data_folder());
    const fs::path found = TRY(existing(folder / name));
    return found.string();
}

}  // namespace heddle
