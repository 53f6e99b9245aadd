#include "core/race/lock_graph.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include "tests/core/race/race_builder.h"

namespace heddle::race {
namespace {

using namespace testing;  // NOLINT: the builder's
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t kGate = 0x9000;

LockUse use(std::uint64_t lock, std::uint64_t event = 0, bool exclusive = true) {
    return {.lock = {1, lock}, .address = lock, .event = event, .exclusive = exclusive};
}
Acquisition asks(std::uint32_t thread, LockUse wanted, std::vector<LockUse> held) {
    return {ThreadIndex{thread}, wanted, std::move(held), {thread, 1}, nullptr};
}

std::vector<PotentialDeadlock> find(const std::vector<Acquisition>& acquisitions) {
    LockGraph graph;
    for (const Acquisition& acquisition : acquisitions) graph.add(acquisition);
    return graph.find().deadlocks;
}

TEST(LockGraph, TellsWhoHoldsWhatAndWantsWhat) {
    const auto found = find({asks(1, use(kB, 11), {use(kA, 10)}), asks(2, use(kA, 21), {use(kB, 20)})});
    ASSERT_THAT(found, SizeIs(1));
    const auto& steps = found[0].steps;
    ASSERT_THAT(steps, SizeIs(2));
    EXPECT_EQ(steps[0].thread, ThreadIndex{1});
    EXPECT_EQ(steps[0].held.event, 10U);
    EXPECT_EQ(steps[0].wanted.event, 11U);
    EXPECT_EQ(steps[0].wanted.address, kB);
    EXPECT_EQ(steps[1].thread, ThreadIndex{2});
    EXPECT_EQ(steps[1].held.address, kB);
    EXPECT_EQ(steps[1].wanted.address, kA);
}

TEST(LockGraph, FindsWhatCanCloseACircle) {
    struct Row {
        const char* says;
        std::size_t deadlocks;
        std::vector<Acquisition> acquisitions;
    };
    const LockUse read_a = use(kA, 0, false), read_b = use(kB, 0, false), read_gate = use(kGate, 0, false);
    const Row rows[] = {
        {"the same order", 0, {asks(1, use(kB), {use(kA)}), asks(2, use(kB), {use(kA)})}},
        {"opposite orders", 1, {asks(1, use(kB), {use(kA)}), asks(2, use(kA), {use(kB)})}},
        {"opposite orders, twice",
         1,
         {asks(1, use(kB), {use(kA)}), asks(2, use(kA), {use(kB)}), asks(1, use(kB), {use(kA)}), asks(3, use(kA), {use(kB)})}},
        {"one thread alone", 0, {asks(1, use(kB), {use(kA)}), asks(1, use(kA), {use(kB)})}},
        {"a gate lock", 0, {asks(1, use(kB), {use(kGate), use(kA)}), asks(2, use(kA), {use(kGate), use(kB)})}},
        {"a gate lock of one only", 1, {asks(1, use(kB), {use(kGate), use(kA)}), asks(2, use(kA), {use(kB)})}},
        {"a gate both only read", 1, {asks(1, use(kB), {read_gate, use(kA)}), asks(2, use(kA), {read_gate, use(kB)})}},
        {"a gate one writes", 0, {asks(1, use(kB), {use(kGate), use(kA)}), asks(2, use(kA), {read_gate, use(kB)})}},
        {"three in a circle", 1, {asks(1, use(kB), {use(kA)}), asks(2, use(kC), {use(kB)}), asks(3, use(kA), {use(kC)})}},
        {"three, one of them twice",
         0,
         {asks(1, use(kB), {use(kA)}), asks(2, use(kC), {use(kB)}), asks(1, use(kA), {use(kC)})}},
        {"two pairs",
         2,
         {asks(1, use(kB), {use(kA)}), asks(2, use(kA), {use(kB)}), asks(1, use(kC), {use(kB)}), asks(2, use(kB), {use(kC)})}},
        {"readers do not wait for readers", 0, {asks(1, read_b, {read_a}), asks(2, read_a, {read_b})}},
        {"one step is a reader behind a reader", 0, {asks(1, use(kB), {read_a}), asks(2, read_a, {use(kB)})}},
        {"so is the other", 0, {asks(1, read_b, {use(kA)}), asks(2, use(kA), {read_b})}},
        {"a reader waits for a writer", 1, {asks(1, read_b, {use(kA)}), asks(2, read_a, {use(kB)})}},
        {"a lock it has already", 0, {asks(1, use(kA), {use(kA)}), asks(2, use(kA), {use(kA), use(kB)})}},
    };
    for (const Row& row : rows) EXPECT_THAT(find(row.acquisitions), SizeIs(row.deadlocks)) << row.says;
}

TEST(LockGraph, SeesNoDeadlockBetweenWhatCannotMeet) {
    Acquisition first = asks(1, use(kB), {use(kA)}), second = asks(2, use(kA), {use(kB)});
    VectorClock past;
    past.raise(first.epoch);
    second.past = std::make_shared<const VectorClock>(past);
    EXPECT_THAT(find({first, second}), IsEmpty());
}

TEST(LockGraph, SaysWhenItSearchedNotToTheEnd) {
    LockGraph graph({.edges = 1});
    graph.add(asks(1, use(kB), {use(kA)}));
    EXPECT_TRUE(graph.find().complete);
    graph.add(asks(1, use(kB), {use(kA)}));
    EXPECT_TRUE(graph.find().complete) << "nothing new";
    graph.add(asks(2, use(kA), {use(kB)}));
    EXPECT_FALSE(graph.find().complete);
}

}  // namespace
}  // namespace heddle::race
