#include "core/race/vector_clock.h"

#include <gtest/gtest.h>

namespace heddle::race {
namespace {

TEST(VectorClock, CoversNothingButTheBeginningAtFirst) {
    const VectorClock clock;
    EXPECT_TRUE(clock.covers(Epoch{5, 0}));
    EXPECT_FALSE(clock.covers(Epoch{5, 1}));
}

TEST(VectorClock, JoinsComponentByComponentTheLater) {
    VectorClock a, b;
    a.raise({0, 3});
    a.raise({2, 1});
    b.raise({0, 1});
    b.raise({4, 7});
    EXPECT_TRUE(a.join(b));
    EXPECT_EQ(a.of(0), 3U);
    EXPECT_EQ(a.of(2), 1U);
    EXPECT_EQ(a.of(4), 7U);
    EXPECT_FALSE(a.join(b)) << "the second time says nothing new";
    EXPECT_TRUE(a.covers(b));
    EXPECT_FALSE(b.covers(a));
}

TEST(VectorClock, TicksItsOwnThreadOnly) {
    VectorClock clock;
    clock.tick(3);
    clock.tick(3);
    EXPECT_EQ(clock.of(3), 2U);
    EXPECT_EQ(clock.of(0), 0U);
    clock.raise({3, 1});
    EXPECT_EQ(clock.of(3), 2U) << "never lowered";
}

}  // namespace
}  // namespace heddle::race
