// Where Heddle's own files lie: $HEDDLE_DATA_DIR, then ../share/heddle beside the program, then the source tree it was
// built from. Called at start, main thread; reads nothing but the folders' existence.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace heddle {

// The folder that holds `name` ("assets", "scenarios"), e.g. find_data("assets") + "/i18n". Fails naming the places tried.
Result<std::string> find_data(const std::string& name);
std::vector<std::string> data_roots();

}  // namespace heddle
