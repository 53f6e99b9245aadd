// Where Heddle's own files lie, assets/ and scenarios/: in the folder that HEDDLE_DATA_DIR names, else, for a program in its
// build tree, in the sources it was built from, else in ../share/heddle beside the program. Any thread; reads nothing but the
// folders' existence.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace heddle {

// An Error names the place where the folder should have been.
Result<std::filesystem::path> find_data_folder();

// A folder in it, e.g. find_data("assets") + "/i18n".
Result<std::string> find_data(const std::string& name);

}  // namespace heddle
