#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/sched/pct.h"
#include "core/sched/random_walk.h"
#include "core/sched/replay.h"
#include "core/sched/round_robin.h"
#include "core/sched/run_on.h"

namespace heddle::sched {
namespace {

Moment moment(std::uint64_t able, std::uint32_t current, std::uint32_t step = 0) {
    Moment moment;
    moment.able = moment.alive = able;
    moment.current = current;
    moment.step = step;
    return moment;
}

TEST(RunOn, KeepsTheThreadThatRuns) {
    RunOn policy;
    policy.begin(1);
    EXPECT_EQ(policy.next(moment(0b111, 1)).thread, 1u);
    EXPECT_EQ(policy.next(moment(0b101, 1)).thread, 0u);  // it cannot: the lowest that can
    // Whoever goes on for very long is given turns.
    EXPECT_EQ(policy.next(moment(0b111, 1, RunOn::kFairAfter)).thread, 2u);
    EXPECT_EQ(policy.next(moment(0b111, 2, RunOn::kFairAfter)).thread, 0u);
}

TEST(RoundRobin, GivesEachATurn) {
    RoundRobin policy;
    policy.begin(1);
    std::string order;
    std::uint32_t current = 0;
    for (int i = 0; i < 6; ++i) {
        current = policy.next(moment(0b1101, current)).thread;
        order += std::to_string(current);
    }
    EXPECT_EQ(order, "230230");
    EXPECT_EQ(policy.next(moment(std::uint64_t{1} << 63, 63)).thread, 63u);
}

TEST(RandomWalk, IsTheSameForTheSameSeedAndReachesAll) {
    RandomWalk one, other;
    one.begin(7), other.begin(7);
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 200; ++i) {
        const std::uint32_t thread = one.next(moment(0b10110, 1)).thread;
        EXPECT_EQ(thread, other.next(moment(0b10110, 1)).thread);
        seen.insert(thread);
    }
    EXPECT_EQ(seen, (std::set<std::uint32_t>{1, 2, 4}));
}

TEST(Pct, FollowsOnePriorityBetweenItsChanges) {
    Pct policy;
    policy.set(1, 10);
    policy.begin(3);
    int changes = 0;
    std::uint32_t before = policy.next(moment(0b111, 0, 0)).thread;
    for (std::uint32_t step = 1; step < 20; ++step) {
        const std::uint32_t now = policy.next(moment(0b111, before, step)).thread;
        changes += now != before ? 1 : 0;
        before = now;
    }
    EXPECT_LE(changes, 1);
}

TEST(Replay, GoesBlockByBlock) {
    const trace::Block blocks[] = {{3, 0, 0, 0}, {2, 1, 1, 0}, {9, 0, 0, 0}};
    Replay policy;
    policy.set(blocks, 3);
    policy.begin(1);
    std::uint32_t ticks[trace::kMostFibers] = {};
    Moment now = moment(0b11, 0);
    now.ticks = ticks;
    ticks[0] = 3, ticks[1] = 1;
    EXPECT_EQ(policy.next(now).thread, 0u);
    ticks[0] = 4;  // behind its block
    EXPECT_EQ(policy.next(now).thread, 1u);
    EXPECT_EQ(policy.next(now).choice, 0u);
    ticks[1] = 2;  // the block's last operation comes out in its second way
    EXPECT_EQ(policy.next(now).thread, 1u);
    EXPECT_EQ(policy.next(now).choice, 1u);
    ticks[1] = 3;
    EXPECT_EQ(policy.next(now).thread, 0u);
    now.alive = 0b10;
    EXPECT_EQ(policy.next(now).thread, 0u) << "it ended too early, and whoever asks sees that it cannot go on";
    ticks[0] = 9;
    EXPECT_EQ(policy.next(now).thread, kNoThread) << "nothing more to say";
}

TEST(Replay, AThreadThatIsNotThereYetIsNotPassedOver) {
    const trace::Block block{3, 5, 0, 0};
    Replay policy;
    policy.set(&block, 1);
    policy.begin(1);
    const std::uint32_t ticks[trace::kMostFibers] = {};
    Moment now = moment(0b11, 0);
    now.ticks = ticks;
    EXPECT_EQ(policy.next(now).thread, 5u);
}

}  // namespace
}  // namespace heddle::sched
