// What an own program reads from its standard input, as its saved run keeps it. Reads and makes files; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/catalog/own_program.h"

namespace heddle::session {

// nullopt: it is no plain file, which can be read again, or too large to be kept.
std::optional<std::string> read_input(const std::filesystem::path& input);

// Has the program read these bytes: from its file, where that still holds them, else from one in memory that `own` keeps.
Result<> give_input(catalog::OwnProgram& own, const std::string& bytes);

}  // namespace heddle::session
