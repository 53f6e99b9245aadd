#include "core/session/step_clock.h"

#include <gtest/gtest.h>

namespace heddle::session {
namespace {

TEST(StepClock, LeavesOutThePauses) {
    StepClock clock;
    EXPECT_EQ(clock.shown(500), 500);
    clock.begin(1000);
    clock.add_pause(2000, 5000);
    clock.add_pause(6000, 6000);  // none
    clock.add_pause(7000, 17000);
    struct {
        std::int64_t time, shown;
    } const rows[] = {
        {1000, 1000}, {1999, 1999}, {2000, 2000}, {3500, 2000},  {5000, 2000},  {5001, 2001},
        {6000, 3000}, {7000, 4000}, {9000, 4000}, {17000, 4000}, {17500, 4500},
    };
    for (const auto& row : rows) EXPECT_EQ(clock.shown(row.time), row.shown) << row.time;
    // What came before the first step is shown a thousand times shorter, in the same order.
    EXPECT_EQ(clock.shown(1000 - 5'000'000), -4000);
    EXPECT_LT(clock.shown(-3'000'000), clock.shown(-1'000'000));
}

TEST(StepClock, StandsStillWhileAllDo) {
    StepClock clock;
    clock.open_pause(2000);
    EXPECT_EQ(clock.shown(1500), 1500);
    EXPECT_EQ(clock.shown(90000), 2000);
    clock.close_pause();
    clock.add_pause(2000, 80000);
    EXPECT_EQ(clock.shown(90000), 12000);
}

}  // namespace
}  // namespace heddle::session
