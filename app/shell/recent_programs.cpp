#include "app/shell/recent_programs.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/base/atomic_file.h"
#include "core/catalog/own_program.h"

namespace heddle::shell {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostRecent = 12;

bool is_there(const std::string& id) {
    const std::vector<std::string> targets = catalog::targets_of_id(id);
    std::error_code error;
    return !targets.empty() &&
           std::all_of(targets.begin(), targets.end(), [&](const std::string& target) { return fs::exists(target, error); });
}

}  // namespace

fs::path recent_programs_path() {
    const auto of = [](const char* name) {
        const char* const value = std::getenv(name);
        return fs::path(value != nullptr ? value : "");
    };
    if (of("XDG_STATE_HOME").is_absolute()) return of("XDG_STATE_HOME") / "heddle/recent-programs";
    return of("HOME").is_absolute() ? of("HOME") / ".local/state/heddle/recent-programs" : fs::path();
}

std::vector<std::string> load_recent_programs(const fs::path& path) {
    std::vector<std::string> recent;
    std::ifstream file(path);
    for (std::string id; recent.size() < kMostRecent && std::getline(file, id);)
        if (catalog::is_own_id(id) && is_there(id)) recent.push_back(id);
    return recent;
}

Result<> remember_program(const fs::path& path, std::vector<std::string>& recent, const std::string& id) {
    std::erase(recent, id);
    recent.insert(recent.begin(), id);
    if (recent.size() > kMostRecent) recent.resize(kMostRecent);
    if (path.empty()) return fail("the recent programs cannot be kept", "no home folder", "set HOME or XDG_STATE_HOME");
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    AtomicFile file = TRY(AtomicFile::create(path.string()));
    for (const std::string& each : recent) TRY(file.write(each + "\n"));
    return file.commit();
}

}  // namespace heddle::shell
