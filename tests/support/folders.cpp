#include "tests/support/folders.h"

namespace heddle::testing_support {

std::string source_folder() {
    return HEDDLE_SOURCE_DIR;
}

std::string build_folder() {
    return HEDDLE_BINARY_DIR;
}

}  // namespace heddle::testing_support
