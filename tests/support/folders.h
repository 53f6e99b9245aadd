// Where the sources and the build are. Only folders.cpp is compiled with these paths, so that every other object is the same in
// any clone, and ccache knows it again.
#pragma once

#include <string>

namespace heddle::testing_support {

std::string source_folder();  // the repository's root
std::string build_folder();

}  // namespace heddle::testing_support
