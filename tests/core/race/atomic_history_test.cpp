#include "core/race/atomic_history.h"

#include <gtest/gtest.h>

namespace heddle::race {
namespace {

using Origin = AtomicHistory::Origin;

ClockRef clock_of(std::uint32_t thread) {
    auto clock = std::make_shared<VectorClock>();
    clock->tick(thread);
    return clock;
}

TEST(AtomicHistory, MatchesALoadToTheLatestStoreOfItsValue) {
    AtomicHistory history;
    const ClockRef a = clock_of(1), b = clock_of(2), c = clock_of(3);
    history.store(7, a);
    history.store(8, b);
    history.store(7, c);
    EXPECT_EQ(history.load(7).released, c);
    EXPECT_EQ(history.load(8).released, b);
    EXPECT_EQ(history.latest(), c);
}

TEST(AtomicHistory, TakesTheFirstUnknownValueForTheInitialOneAndTheNextForUnseen) {
    AtomicHistory history;
    EXPECT_EQ(history.load(0).origin, Origin::kInitial);
    history.store(1, nullptr);
    EXPECT_EQ(history.load(1).origin, Origin::kStore);
    EXPECT_EQ(history.load(0).origin, Origin::kInitial) << "read before that store, logged after it";
    EXPECT_EQ(history.load(2).origin, Origin::kUnseen);
}

TEST(AtomicHistory, GuessesNoInitialValueOnceItForgotStores) {
    AtomicHistory history;
    for (std::uint64_t i = 1; i <= AtomicHistory::kKept + 1; ++i) history.store(i, nullptr);
    EXPECT_EQ(history.load(2).origin, Origin::kStore);
    EXPECT_EQ(history.load(1).origin, Origin::kUnseen);
}

}  // namespace
}  // namespace heddle::race
