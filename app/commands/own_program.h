// A person's own program on the command line: what to build, and what it is run with. Called once, on the main thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/program_builder.h"

namespace heddle::commands {

// FILE.c, FILE.cpp or a folder of them, and the headers beside them; what is built already is returned as it is.
// An Error carries every message of the compiler with its place.
Result<catalog::BuiltProgram> build_own_program(const std::vector<std::string>& files, const std::vector<std::string>& flags,
                                                const std::string& compiler);

// Whether this names a program or source of one's own rather than a scenario.
bool is_own_program(const std::string& target);

}  // namespace heddle::commands
