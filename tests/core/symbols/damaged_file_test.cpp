// Files that are not what they say: loading and asking must end with an answer or an error, whatever the bytes.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "core/symbols/image.h"
#include "tests/core/symbols/ask_everything.h"
#include "tests/core/symbols/program.h"

namespace heddle::symbols {
namespace {

using testing::ask_everything;
using testing::Build;
using testing::compiled;

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class DamagedFile : public ::testing::TestWithParam<Build> {};

TEST_P(DamagedFile, IsReadOrRefusedWithFlippedBytes) {
    const std::string whole = bytes_of(compiled("tiny", GetParam()));
    std::mt19937_64 random(20);
    for (int round = 0; round < 1500; ++round) {
        std::string bytes = whole;
        for (int flips = 1 + round % 8; flips > 0; --flips) bytes[random() % bytes.size()] = static_cast<char>(random());
        if (const auto image = load_image_from_bytes(std::move(bytes), "damaged")) ask_everything(**image);
    }
}

TEST_P(DamagedFile, IsReadOrRefusedWhenTruncated) {
    const std::string whole = bytes_of(compiled("tiny", GetParam()));
    for (std::size_t size = 0; size < whole.size(); size += 97) {
        if (const auto image = load_image_from_bytes(whole.substr(0, size), "truncated")) ask_everything(**image);
    }
}

INSTANTIATE_TEST_SUITE_P(BothCompilers, DamagedFile,
                         ::testing::Values(Build{"g++", "-gdwarf-5"}, Build{"clang++", "-gdwarf-4"}),
                         [](const auto& parameter) { return parameter.param.name(); });

TEST(LoadImage, SaysWhyItRefusesAFile) {
    EXPECT_EQ(load_image("/nonexistent").error().subject, "/nonexistent");
    EXPECT_EQ(load_image("/nonexistent").error().errno_value, ENOENT);
    EXPECT_EQ(load_image("/").error().what, "not a program's file");
    EXPECT_EQ(load_image_from_bytes("", "empty").error().what, "not an ELF file");
    EXPECT_EQ(load_image_from_bytes("#!/bin/sh\nexit 0\n", "script").error().what, "not an ELF file");
    EXPECT_FALSE(load_image_from_bytes(std::string("\177ELF") + std::string(60, '\0'), "header").has_value());
}

TEST(LoadImage, ReadsALibraryWithoutDebugInformation) {
    const auto library = load_image("/lib/x86_64-linux-gnu/libc.so.6");
    if (!library) GTEST_SKIP() << "no such library on this machine";
    EXPECT_FALSE((*library)->has_debug_info());
    bool found = false;
    for (const Function& function : (*library)->functions()) found |= function.name == "qsort";
    EXPECT_TRUE(found);
}

}  // namespace
}  // namespace heddle::symbols
