// Reads the small text files of /proc and /sys whole. Thin; any thread. A file of a process that is gone is the error ESRCH.
#pragma once

#include <cerrno>
#include <string>

#include "core/base/result.h"

namespace heddle::kernel {

// At most `limit` bytes; larger files are cut there.
Result<std::string> read_small_file(const std::string& path, std::size_t limit = 1 << 20);
Result<std::string> read_small_file_at(int directory_fd, const char* name, std::size_t limit = 1 << 20);
Result<std::string> read_link_at(int directory_fd, const char* name);

// The process or thread the file belonged to has ended.
inline bool is_gone(const Error& error) {
    return error.errno_value == ENOENT || error.errno_value == ESRCH;
}

}  // namespace heddle::kernel
