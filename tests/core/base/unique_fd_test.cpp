#include "core/base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace heddle {
namespace {

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

int any_fd() {
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST(UniqueFd, ClosesWhatItOwns) {
    int number = -1;
    {
        const UniqueFd fd(any_fd());
        number = fd.get();
        EXPECT_TRUE(fd);
        EXPECT_TRUE(is_open(number));
    }
    EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, OwnsNothingByDefault) {
    const UniqueFd fd;
    EXPECT_FALSE(fd);
    EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFd, MovesItsDescriptor) {
    UniqueFd first(any_fd());
    const int number = first.get();
    UniqueFd second(std::move(first));
    EXPECT_EQ(second.get(), number);
    UniqueFd third(any_fd());
    const int replaced = third.get();
    third = std::move(second);
    EXPECT_EQ(third.get(), number);
    EXPECT_FALSE(is_open(replaced));
    EXPECT_TRUE(is_open(number));
}

TEST(UniqueFd, GivesItsDescriptorAway) {
    UniqueFd fd(any_fd());
    const int number = fd.release();
    EXPECT_FALSE(fd);
    EXPECT_TRUE(is_open(number));
    fd.reset(number);
    fd.reset();
    EXPECT_FALSE(is_open(number));
}

}  // namespace
}  // namespace heddle
