// Where the sources and the build are. Only folders.cpp is compiled with these paths, so that every other object is the same in
// any clone, and ccache knows it again.
#pragma once

#include <string>

namespace heddle::testing_support {

std::string source_folder();  // the repository's root
std::string build_folder();
// To be put before the compiler, for an object made from a source of the repository: kept by ccache, where there is one.
std::string compiler_launcher();

}  // namespace heddle::testing_support
