#include "core/session/open_ends.h"

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace heddle::session {
namespace {

std::string folder_of(std::int32_t pid) {
    return "/proc/" + std::to_string(pid);
}

// How it was opened (man 5 proc_pid_fdinfo).
int access_of(std::int32_t pid, const std::string& descriptor) {
    std::ifstream file(folder_of(pid) + "/fdinfo/" + descriptor);
    std::string name;
    for (int flags = 0; file >> name;) {
        if (name == "flags:" && file >> std::oct >> flags) return flags & O_ACCMODE;
    }
    return -1;
}

}  // namespace

bool has_other_end(std::int32_t waiting, const trace::Operation& pending, std::int32_t other) {
    const bool reads = pending.kind == trace::OperationKind::kReceive;
    if (!reads && pending.kind != trace::OperationKind::kSend) return false;
    std::error_code error;
    const auto pipe = std::filesystem::read_symlink(folder_of(waiting) + "/fd/" + std::to_string(pending.object), error);
    if (error || !pipe.string().starts_with("pipe:")) return false;
    for (const auto& entry : std::filesystem::directory_iterator(folder_of(other) + "/fd", error)) {
        if (std::filesystem::read_symlink(entry.path(), error) != pipe) continue;
        const int access = access_of(other, entry.path().filename().string());
        if (access == O_RDWR || access == (reads ? O_WRONLY : O_RDONLY)) return true;
    }
    return false;
}

}  // namespace heddle::session
