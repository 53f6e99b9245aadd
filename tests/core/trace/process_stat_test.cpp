#include "core/trace/process_stat.h"

#include <gtest/gtest.h>

namespace heddle::trace {
namespace {

TEST(ProcessStat, TellsWhetherAProcessHasEnded) {
    EXPECT_FALSE(is_ended_process("7 (main) S 1 7 7 0 -1 4194560 10 0 0 0 0 0 0 0 20 0 1 0 0\n"));
    EXPECT_TRUE(is_ended_process("7 (main) Z 1 7 7 0 -1 4194560 10 0 0 0 0 0 0 0 20 0 1 0 0\n"));
    EXPECT_TRUE(is_ended_process("7 (main) X 1 7 7 0 -1 4194560 10 0 0 0 0 0 0 0 20 0 0 0 0\n"));
    EXPECT_TRUE(is_ended_process(""));
}

TEST(ProcessStat, AProcessWithoutItsFirstThreadGoesOn) {
    EXPECT_FALSE(is_ended_process("7 (main) Z 1 7 7 0 -1 4194560 10 0 0 0 0 0 0 0 20 0 2 0 0\n"));
}

TEST(ProcessStat, ANameMayLookLikeTheRest) {
    EXPECT_FALSE(is_ended_process("7 (a) Z 1) S 1 7 7 0 -1 4194560 10 0 0 0 0 0 0 0 20 0 1 0 0\n"));
    EXPECT_TRUE(is_ended_process("7 (S) Z 1 7"));
}

}  // namespace
}  // namespace heddle::trace
