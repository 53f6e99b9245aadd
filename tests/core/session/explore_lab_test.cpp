// ExploreLab's side of the board: who asks, and who answers first.
#include "core/session/explore_lab.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "core/session/installation.h"
#include "tests/core/catalog/temporary_folder.h"
#include "tests/core/session/program_build.h"

namespace {
// Set: this thread is held up after each write, as on a busy machine.
thread_local bool t_held_up = false;
}  // namespace

// Stands before libc's for the whole test program.
extern "C" ssize_t write(int fd, const void* bytes, std::size_t count) {
    const ssize_t written = ::syscall(SYS_write, fd, bytes, count);
    const int error = errno;
    if (t_held_up) std::this_thread::sleep_for(std::chrono::seconds(1));
    errno = error;
    return written;
}

namespace heddle::session {
namespace {

TEST(ExploreLab, StartsAProgramThatIsFasterThanHeddle) {
    const catalog::TemporaryFolder folder;
    const auto built = catalog::build_program(std::vector{folder.write("main.cpp", "int main() { return 7; }\n")},
                                              std::vector<std::string>(), program_build());
    ASSERT_TRUE(built) << built.error().message();
    const auto installation = find_installation();
    ASSERT_TRUE(installation);
    t_held_up = true;  // the program comes to its main before this thread goes on
    auto lab = ExploreLab::start({installation->lab, installation->fibers, {built->path.string()}, {}, 2, {}});
    t_held_up = false;
    ASSERT_TRUE(lab) << lab.error().message();
    const auto execution = (*lab)->run({});
    ASSERT_TRUE(execution);
    EXPECT_EQ(execution->ending, trace::Ending::kFinished);
    EXPECT_EQ(execution->value, 7);
}

}  // namespace
}  // namespace heddle::session
