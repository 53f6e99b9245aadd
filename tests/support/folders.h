// Where the sources and the build are. Only folders.cpp is compiled with these paths, so that every other object is the same in
// any clone, and ccache knows it again.
#pragma once

#include <string>

namespace heddle::testing_support {

std::string source_folder();  // the repository's root
std::string build_folder();
// Where programs that tests compile are kept, by their content: the next run, and the same tests under a sanitizer, find them there.
std::string program_cache();

}  // namespace heddle::testing_support
