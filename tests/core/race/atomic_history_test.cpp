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

constexpr std::uint32_t kWriter = 1, kReader = 2, kThird = 3;

TEST(AtomicHistory, MatchesALoadToTheLatestStoreOfItsValue) {
    AtomicHistory history;
    const ClockRef a = clock_of(1), b = clock_of(2), c = clock_of(3);
    history.store(kWriter, 7, a);
    history.store(kWriter, 8, b);
    history.store(kWriter, 7, c);
    EXPECT_EQ(history.load(kReader, 8).released, b);
    EXPECT_EQ(history.load(kReader, 7).released, c);
    EXPECT_EQ(history.latest(), c);
}

TEST(AtomicHistory, ShowsAThreadNothingFromBeforeWhatItSaw) {
    AtomicHistory history;
    history.store(kWriter, 1, clock_of(1));
    history.store(kWriter, 0, nullptr);
    EXPECT_EQ(history.load(kReader, 0).origin, Origin::kStore);
    EXPECT_EQ(history.load(kReader, 1).origin, Origin::kUnseen) << "another store of 1, that is not in the log yet";
    EXPECT_EQ(history.load(kThird, 1).origin, Origin::kStore);
    EXPECT_EQ(history.load(kWriter, 1).origin, Origin::kUnseen) << "it has written 0 itself since";
}

TEST(AtomicHistory, TakesTheFirstUnknownValueForTheInitialOneAndTheNextForUnseen) {
    AtomicHistory history;
    EXPECT_EQ(history.load(kReader, 0).origin, Origin::kGuessed);
    EXPECT_EQ(history.load(kReader, 0).origin, Origin::kInitial);
    history.store(kWriter, 1, nullptr);
    EXPECT_EQ(history.load(kReader, 0).origin, Origin::kInitial) << "read before that store, logged after it";
    EXPECT_EQ(history.load(kReader, 1).origin, Origin::kStore);
    EXPECT_EQ(history.load(kReader, 2).origin, Origin::kUnseen);
}

TEST(AtomicHistory, LearnsAnUnseenValueAndKnowsThatNoHookStoredIt) {
    AtomicHistory history;
    history.load(kReader, 0);
    const ClockRef all = clock_of(1);
    history.learn(kReader, 2, all);
    EXPECT_EQ(history.load(kThird, 2).released, all);
    EXPECT_EQ(history.load(kThird, 2).origin, Origin::kLearned);
    EXPECT_FALSE(history.stored_by_hooks());
    history.store(kWriter, 0, nullptr);
    EXPECT_TRUE(history.stored_by_hooks());
}

TEST(AtomicHistory, GuessesNoInitialValueOnceItForgotStores) {
    AtomicHistory history;
    for (std::uint64_t i = 1; i <= AtomicHistory::kKept + 1; ++i) history.store(kWriter, i, nullptr);
    EXPECT_EQ(history.load(kReader, 1).origin, Origin::kUnseen);
    EXPECT_EQ(history.load(kReader, 2).origin, Origin::kStore);
}

TEST(AtomicHistory, KnowsWhoMayHaveFollowedAStoreThatIsLoggedLate) {
    AtomicHistory history;
    history.follow({kReader, true, false, 5, 100});
    history.follow({kThird, true, true, 9, 110});
    const auto followers = [&](std::uint32_t storer, std::uint64_t value, std::int64_t since) {
        int count = 0;
        history.for_each_follower(storer, value, since, [&](const AtomicHistory::Follower&) { ++count; });
        return count;
    };
    EXPECT_EQ(followers(kWriter, 5, 90), 2);
    EXPECT_EQ(followers(kWriter, 6, 90), 1) << "the load read another value";
    EXPECT_EQ(followers(kWriter, 5, 105), 1) << "the load was too long ago";
    EXPECT_EQ(followers(kThird, 5, 90), 1) << "nobody follows itself";
}

}  // namespace
}  // namespace heddle::race
