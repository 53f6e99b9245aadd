// How these tests build their programs: as a learner's are, but for the headers that most of them include, which are compiled
// once and kept beside the programs. Heddle's own build does the same with the lessons' programs (catalog/prebuild.cpp).
#pragma once

#include <string>

#include "core/catalog/program_builder.h"

namespace heddle::session {

// The programs are kept for the next run of the tests.
catalog::BuildOptions program_build(const std::string& compiler = "g++");

// Builds the program of a scenario where a session will find it.
void build_beforehand(const catalog::Scenario& scenario);

}  // namespace heddle::session
