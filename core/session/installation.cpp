#include "core/session/installation.h"

#include <system_error>

#include "core/base/data_folder.h"

namespace heddle::session {
namespace fs = std::filesystem;
namespace {

Result<fs::path> first_existing(const char* what, std::initializer_list<fs::path> candidates) {
    for (const fs::path& candidate : candidates) {
        std::error_code ignored;
        if (fs::exists(candidate, ignored)) return candidate;
    }
    return fail(std::string("a part of Heddle is missing: ") + what, candidates.begin()->string(),
                "install or build Heddle again");
}

}  // namespace

Result<Installation> find_installation() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) return fail("cannot find Heddle's own program", "/proc/self/exe", "mount /proc");
    const fs::path here = program.parent_path();
    const fs::path prefix = here.parent_path();

    Installation found;
    found.runtime = TRY(first_existing("libheddle_rt.so", {here / "libheddle_rt.so", prefix / "lib/heddle/libheddle_rt.so"}));
    found.fibers =
        TRY(first_existing("libheddle_fibers.so", {here / "libheddle_fibers.so", prefix / "lib/heddle/libheddle_fibers.so"}));
    found.lab = TRY(first_existing("heddle-lab", {here / "heddle-lab", prefix / "lib/heddle/heddle-lab"}));
    found.data = TRY(find_data_folder());
    found.prebuilt = fs::exists(here / "programs", error) ? here / "programs" : prefix / "lib/heddle/programs";
    return found;
}

}  // namespace heddle::session
