// The own programs that were opened last, kept in $XDG_STATE_HOME/heddle/recent-programs (~/.local/state by default), one id a
// line, the newest first. Main thread. A home that cannot be written loses nothing but the memory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace heddle::shell {

// Empty when neither XDG_STATE_HOME nor HOME is set.
std::filesystem::path recent_programs_path();
// Those that are still there.
std::vector<std::string> load_recent_programs(const std::filesystem::path& path);
// Puts `id` in front. Writes the file.
Result<> remember_program(const std::filesystem::path& path, std::vector<std::string>& recent, const std::string& id);

}  // namespace heddle::shell
