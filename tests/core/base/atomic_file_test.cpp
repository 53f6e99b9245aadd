#include "core/base/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace heddle {
namespace {

class AtomicFileTest : public ::testing::Test {
protected:
    AtomicFileTest() {
        char name[] = "/tmp/heddle-atomic-file-XXXXXX";
        folder_ = ::mkdtemp(name);
        path_ = folder_ + "/file";
    }
    ~AtomicFileTest() override { std::filesystem::remove_all(folder_); }

    static std::string content(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        std::stringstream all;
        all << in.rdbuf();
        return all.str();
    }

    static Result<> replace(const std::string& path, std::string_view bytes) {
        AtomicFile file = TRY(AtomicFile::create(path));
        TRY(file.write(bytes));
        return file.commit();
    }

    long files() const {
        return std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator());
    }

    std::string folder_, path_;
};

TEST_F(AtomicFileTest, ReplacesTheFileOnlyAtTheEnd) {
    ASSERT_TRUE(replace(path_, "old"));
    auto file = AtomicFile::create(path_);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("n"));
    ASSERT_TRUE(file->write("ew"));
    EXPECT_EQ(file->size(), 3U);
    EXPECT_EQ(content(path_), "old");
    ASSERT_TRUE(file->commit());
    EXPECT_EQ(content(path_), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, WritesMoreThanItsBuffer) {
    const std::string big(3'000'000, 'b');
    auto file = AtomicFile::create(path_);
    ASSERT_TRUE(file->write("a"));
    ASSERT_TRUE(file->write(big));
    ASSERT_TRUE(file->write("c"));
    ASSERT_TRUE(file->overwrite(0, "A"));
    ASSERT_TRUE(file->write("d"));
    ASSERT_TRUE(file->commit());
    EXPECT_EQ(content(path_), "A" + big + "cd");
}

TEST_F(AtomicFileTest, LeavesNothingWhenAbandoned) {
    ASSERT_TRUE(replace(path_, "old"));
    {
        auto file = AtomicFile::create(path_);
        ASSERT_TRUE(file->write("new"));
        AtomicFile moved = std::move(*file);
        EXPECT_EQ(files(), 2);
    }
    EXPECT_EQ(content(path_), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, KeepsModeAndLink) {
    ASSERT_TRUE(replace(path_, "old"));
    ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
    const std::string link = folder_ + "/link";
    ASSERT_EQ(::symlink("file", link.c_str()), 0);
    ASSERT_TRUE(replace(link, "new"));
    EXPECT_EQ(content(path_), "new");
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_EQ(static_cast<int>(std::filesystem::status(path_).permissions()), 0640);
}

TEST_F(AtomicFileTest, SaysWhyItCannot) {
    EXPECT_EQ(AtomicFile::create(folder_ + "/none/file").error().errno_value, ENOENT);
    EXPECT_NE(AtomicFile::create(folder_).error().message().find("It is a folder"), std::string::npos);
    EXPECT_EQ(replace("/dev/full", "x").error().errno_value, ENOSPC);
    EXPECT_TRUE(replace("/dev/null", "x"));
    EXPECT_TRUE(std::filesystem::exists("/dev/null"));
}

// A disk that fills up in the middle, by a limit that needs no privilege to set. In a child, which is what the limit is for.
TEST_F(AtomicFileTest, KeepsTheOldFileWhenTheLimitIsReached) {
    ASSERT_TRUE(replace(path_, "old"));
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1'000'000, 1'000'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto result = replace(path_, std::string(5'000'000, 'x'));
        ::_exit(!result && result.error().errno_value == EFBIG ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(content(path_), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, KeepsTheOldFileWhenTheDiskIsFull) {
    const std::string disk = folder_ + "/disk";
    std::filesystem::create_directory(disk);
    if (::mount("heddle-test", disk.c_str(), "tmpfs", 0, "size=256k") != 0) GTEST_SKIP() << "cannot mount a small disk";
    EXPECT_TRUE(replace(disk + "/file", "old"));
    const auto result = replace(disk + "/file", std::string(5'000'000, 'x'));
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().errno_value, ENOSPC);
    EXPECT_EQ(content(disk + "/file"), "old");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(disk), std::filesystem::directory_iterator()), 1);
    ::umount2(disk.c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace heddle
