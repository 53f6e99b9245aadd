#include "core/race/lock_order.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/core/race/race_builder.h"

namespace heddle::race {
namespace {

using namespace testing;  // NOLINT: the builder's
using ::testing::SizeIs;

void nested(Story& run, ThreadIndex who, std::uint64_t outer, std::uint64_t inner) {
    run.lock(who, outer).lock(who, inner).unlock(who, inner).unlock(who, outer);
}

TEST(LockOrder, FindsTheDeadlockThatDidNotHappen) {
    struct Row {
        const char* says;
        std::size_t deadlocks;
        std::function<void(Story&, ThreadIndex main, ThreadIndex t1, ThreadIndex t2)> story;
    };
    const Row rows[] = {
        {"A then B, and B then A", 1, [](Story& r, auto, auto t1, auto t2) { nested(r, t1, kA, kB), nested(r, t2, kB, kA); }},
        {"A then B, twice", 0, [](Story& r, auto, auto t1, auto t2) { nested(r, t1, kA, kB), nested(r, t2, kA, kB); }},
        {"one after the other, not nested", 0,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1, kA).unlock(t1, kA).lock(t1, kB).unlock(t1, kB), nested(r, t2, kB, kA);
         }},
        {"both under a gate", 0,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1), nested(r, t1, kA, kB), r.unlock(t1).lock(t2), nested(r, t2, kB, kA), r.unlock(t2);
         }},
        {"the gate is given back too early", 1,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1).lock(t1, kA).unlock(t1).lock(t1, kB).lock(t2), nested(r, t2, kB, kA), r.unlock(t2);
         }},
        {"main joined the first before it did the second", 0,
         [](Story& r, auto main, auto t1, auto) { nested(r, t1, kA, kB), r.ends(t1).join(main, t1), nested(r, main, kB, kA); }},
        {"before the other was created", 0,
         [](Story& r, auto main, auto, auto) {
             nested(r, main, kA, kB), r.create(main, r.thread(103)), nested(r, r.thread(103), kB, kA);
         }},
        {"a mutex between them orders only this run", 1,
         [](Story& r, auto, auto t1, auto t2) {
             nested(r, t1, kA, kB), r.lock(t1).unlock(t1).lock(t2).unlock(t2), nested(r, t2, kB, kA);
         }},
        {"a trylock does not wait", 0,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1, kA).call(t1, CallId::kMutexTryLock, kB).unlock(t1, kB).unlock(t1, kA), nested(r, t2, kB, kA);
         }},
        {"what a trylock got is held", 1,
         [](Story& r, auto, auto t1, auto t2) { r.call(t1, CallId::kMutexTryLock, kA).lock(t1, kB), nested(r, t2, kB, kA); }},
        {"what a trylock did not get is not", 0,
         [](Story& r, auto, auto t1, auto t2) {
             r.call(t1, CallId::kMutexTryLock, kA, 0, -EBUSY).lock(t1, kB), nested(r, t2, kB, kA);
         }},
        {"a recursive lock is held until the last unlock", 1,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1, kA).lock(t1, kA).unlock(t1, kA).lock(t1, kB), nested(r, t2, kB, kA);
         }},
        {"a wait asks for its mutex again", 1,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1, kA).lock(t1, kB).call(t1, CallId::kCondWait, kFlag, kA).unlock(t1, kB).unlock(t1, kA);
             nested(r, t2, kA, kB);
         }},
        {"both already stand still", 1,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1, kA).lock(t2, kB).begin(t1, CallId::kMutexLock, kB).begin(t2, CallId::kMutexLock, kA);
         }},
    };
    for (const Row& row : rows) {
        Story run;
        const auto [main, t1, t2] = run.two_threads();
        row.story(run, main, t1, t2);
        EXPECT_THAT(run.lock_order().find().deadlocks, SizeIs(row.deadlocks)) << row.says;
    }
}

TEST(LockOrder, NamesTheEventsOfEachStep) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.lock(t1, kA);
    const std::uint64_t took_a = run.last();
    run.begin(t1, CallId::kMutexLock, kB);
    const std::uint64_t wanted_b = run.last();
    run.end(t1, CallId::kMutexLock, kB).unlock(t1, kB).unlock(t1, kA);
    nested(run, t2, kB, kA);
    const auto found = run.lock_order().find();
    ASSERT_THAT(found.deadlocks, SizeIs(1));
    EXPECT_EQ(found.deadlocks[0].steps[0].held.event, took_a);
    EXPECT_EQ(found.deadlocks[0].steps[0].wanted.event, wanted_b);
    EXPECT_EQ(found.deadlocks[0].steps[0].thread, t1);
    EXPECT_EQ(found.deadlocks[0].steps[1].thread, t2);
}

TEST(LockOrder, SaysWhichLocksAThreadHolds) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.lock(t1, kA).lock(t1, kB).call(t1, CallId::kCondWait, kFlag, kA).unlock(t1, kB);
    const LockOrder order = run.lock_order();
    ASSERT_THAT(order.held(t1), SizeIs(1));
    EXPECT_EQ(order.held(t1)[0].address, kA);
    EXPECT_TRUE(order.held(t2).empty());
    EXPECT_TRUE(order.held(ThreadIndex{99}).empty());
}

}  // namespace
}  // namespace heddle::race
