// Where Heddle's own parts lie: beside the program in a build tree, under ../lib/heddle and ../share/heddle when installed.
// Read once by the front end and by tests; no state.
#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace heddle::session {

struct Installation {
    std::filesystem::path runtime;   // libheddle_rt.so
    std::filesystem::path fibers;    // libheddle_fibers.so
    std::filesystem::path lab;       // heddle-lab
    std::filesystem::path data;      // the folder of scenarios/ and assets/
    std::filesystem::path prebuilt;  // programs built with Heddle; may not exist
};

// An Error names the part that is missing.
Result<Installation> find_installation();

}  // namespace heddle::session
