#include "tests/support/folders.h"

namespace heddle::testing_support {

std::string source_folder() {
    return HEDDLE_SOURCE_DIR;
}

std::string build_folder() {
    return HEDDLE_BINARY_DIR;
}

std::string compiler_launcher() {
    const std::string ccache = HEDDLE_CCACHE;
    return ccache.empty() ? "" : "CCACHE_NOHASHDIR=1 " + ccache + " ";
}

}  // namespace heddle::testing_support
