#include "tests/support/folders.h"

namespace heddle::testing_support {

std::string source_folder() {
    return HEDDLE_SOURCE_DIR;
}

std::string build_folder() {
    return HEDDLE_BINARY_DIR;
}

std::string program_cache() {
    return source_folder() + "/build/test-programs";
}

}  // namespace heddle::testing_support
