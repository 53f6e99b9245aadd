// Compilers: a test that runs once with programs built by GCC and once with programs built by Clang. GetParam() is the
// compiler.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/core/runtime/lab.h"

namespace heddle::runtime_test {

class Compilers : public ::testing::TestWithParam<const char*> {};

#define HEDDLE_BOTH_COMPILERS(suite)                                             \
    INSTANTIATE_TEST_SUITE_P(Hooked, suite, ::testing::Values("g++", "clang++"), \
                             [](const auto& with) { return std::string(with.param) == "g++" ? "gcc" : "clang"; })

}  // namespace heddle::runtime_test
