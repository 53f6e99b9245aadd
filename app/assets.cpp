#include "app/assets.h"

#include <cstdlib>
#include <filesystem>

namespace heddle {

std::vector<std::string> data_roots() {
    std::vector<std::string> roots;
    if (const char* set = std::getenv("HEDDLE_DATA_DIR"); set && *set) roots.emplace_back(set);
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) roots.push_back((program.parent_path().parent_path() / "share" / "heddle").string());
    roots.emplace_back(HEDDLE_SOURCE_DIR);
    return roots;
}

Result<std::string> find_data(const std::string& name) {
    std::string tried;
    for (const std::string& root : data_roots()) {
        const std::string path = root + "/" + name;
        std::error_code error;
        if (std::filesystem::is_directory(path, error)) return path;
        tried += (tried.empty() ? "" : ", ") + path;
    }
    return fail("Heddle's files are missing", tried, "Install Heddle again, or set HEDDLE_DATA_DIR to its share/heddle.");
}

}  // namespace heddle
