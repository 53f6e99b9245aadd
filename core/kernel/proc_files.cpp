#include "core/kernel/proc_files.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/unique_fd.h"

namespace heddle::kernel {

Result<std::string> read_small_file_at(int directory_fd, const char* name, std::size_t limit) {
    const UniqueFd fd(::openat(directory_fd, name, O_RDONLY | O_CLOEXEC));
    if (!fd) return fail_errno("cannot open", name);
    std::string text;
    char buffer[4096];
    while (text.size() < limit) {
        const ssize_t got = ::read(fd.get(), buffer, std::min(sizeof buffer, limit - text.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno("cannot read", name);
        if (got == 0) break;
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
}

Result<std::string> read_small_file(const std::string& path, std::size_t limit) {
    return read_small_file_at(AT_FDCWD, path.c_str(), limit);
}

Result<std::string> read_link_at(int directory_fd, const char* name) {
    char target[PATH_MAX];
    const ssize_t length = ::readlinkat(directory_fd, name, target, sizeof target);
    if (length < 0) return fail_errno("cannot read the link", name);
    return std::string(target, static_cast<std::size_t>(length));
}

}  // namespace heddle::kernel
