// The real program as a test runs it from a shell: in a folder of its own that is its home, without a display.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

namespace heddle::test {

struct Outcome {
    int code = -1;  // the exit code, or -signal
    std::string out, err;
};

class CommandLine : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override { std::filesystem::remove_all(folder_); }

    // arguments: as one types them. in_child: runs in the new process before it becomes the program, to take something away
    // from it; it must not allocate much and returns false when it failed.
    Outcome heddle(const std::string& arguments, const std::function<bool()>& in_child = {});

    std::filesystem::path folder_;
};

}  // namespace heddle::test
