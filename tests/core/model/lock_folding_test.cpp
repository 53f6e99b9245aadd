#include "core/model/lock_folding.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include "core/model/observatory.h"
#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::EventBuilder;
using trace::CallId;

constexpr std::uint64_t kObject = 0x10, kMutex = 0x20;

struct Three {
    EventBuilder b;
    trace::ThreadIndex one = b.thread(100), two = b.thread(101), three = b.thread(102);
    Three() { b.in(one).in(two, 1).in(three, 2); }
    LockWorld lock(std::uint64_t address = kObject) { return b.world().process(1).locks->at(address); }
};

TEST(LockFolding, ALateWordOfTheOldOwnerTakesNothingFromTheNewOne) {
    Three t;
    t.b.end(t.one, CallId::kMutexLock, kObject).begin(t.two, CallId::kMutexLock, kObject);
    t.b.begin(t.one, CallId::kMutexUnlock, kObject).end(t.two, CallId::kMutexLock, kObject);
    t.b.end(t.one, CallId::kMutexUnlock, kObject);
    EXPECT_EQ(t.lock().owner, 2) << "the second thread got it before the first one said that it let go";
    t.b.end(t.two, CallId::kMutexUnlock, kObject);
    EXPECT_EQ(t.lock().owner, kNobody);
}

TEST(LockFolding, ARecursiveLockIsFreeWhenItWasLetGoAsOftenAsItWasTaken) {
    Three t;
    t.b.end(t.one, CallId::kMutexLock, kObject).end(t.one, CallId::kMutexLock, kObject).end(t.one, CallId::kMutexUnlock, kObject);
    EXPECT_EQ(t.lock().owner, 1);
    t.b.end(t.one, CallId::kMutexUnlock, kObject);
    EXPECT_EQ(t.lock().owner, kNobody);
}

TEST(LockFolding, PermitsAreRightAgainAfterAWaitThatWasRecordedBeforeItsPost) {
    Three t;
    t.b.begin(t.one, CallId::kSemInit, kObject, 0).end(t.one, CallId::kSemInit, kObject);
    t.b.begin(t.two, CallId::kSemWait, kObject).begin(t.one, CallId::kSemPost, kObject);
    t.b.end(t.two, CallId::kSemWait, kObject).end(t.one, CallId::kSemPost, kObject);
    EXPECT_EQ(t.lock().permits, 0);
    t.b.end(t.one, CallId::kSemPost, kObject);
    EXPECT_EQ(t.lock().permits, 1);
}

TEST(LockFolding, WaitersStandInTheOrderTheyCame) {
    Three t;
    t.b.end(t.one, CallId::kMutexLock, kObject).begin(t.three, CallId::kMutexLock, kObject).begin(t.two, CallId::kMutexLock, kObject);
    EXPECT_THAT(t.lock().waiters, ElementsAre(3, 2));
}

TEST(LockFolding, ABarrierCountsItsArrivalsAndItsRounds) {
    Three t;
    t.b.begin(t.one, CallId::kBarrierInit, kObject, 2).end(t.one, CallId::kBarrierInit, kObject);
    t.b.begin(t.one, CallId::kBarrierWait, kObject);
    EXPECT_EQ(t.lock().parties, 2u);
    EXPECT_THAT(t.lock().waiters, ElementsAre(1));
    t.b.begin(t.two, CallId::kBarrierWait, kObject);
    EXPECT_EQ(t.lock().rounds, 1u);
    EXPECT_THAT(t.lock().waiters, IsEmpty());
    EXPECT_THAT(t.lock().leaving, ElementsAre(1, 2));
    t.b.end(t.two, CallId::kBarrierWait, kObject).begin(t.two, CallId::kBarrierWait, kObject);
    EXPECT_THAT(t.lock().waiters, ElementsAre(2)) << "of the next round, though the first thread has not left yet";
    t.b.end(t.one, CallId::kBarrierWait, kObject);
    EXPECT_THAT(t.lock().waiters, ElementsAre(2));
    EXPECT_THAT(t.lock().leaving, IsEmpty());
    EXPECT_EQ(t.lock().rounds, 1u);
}

TEST(LockFolding, AConditionVariableKnowsTheMutexOfThoseWhoWait) {
    Three t;
    t.b.end(t.one, CallId::kMutexLock, kMutex).begin(t.one, CallId::kCondWait, kObject, kMutex);
    EXPECT_EQ(t.lock().mutex, kMutex);
    EXPECT_THAT(t.lock().waiters, ElementsAre(1));
    EXPECT_EQ(t.lock(kMutex).owner, kNobody);
}

TEST(LockFolding, TheFirstCallOfAOnceRunsItsRoutineAndOthersWaitForIt) {
    Three t;
    t.b.begin(t.one, CallId::kOnce, kObject).begin(t.two, CallId::kOnce, kObject);
    EXPECT_EQ(t.lock().owner, 1);
    EXPECT_THAT(t.lock().waiters, ElementsAre(2));
    t.b.end(t.one, CallId::kOnce, kObject).end(t.two, CallId::kOnce, kObject);
    t.b.begin(t.three, CallId::kOnce, kObject);
    EXPECT_TRUE(t.lock().done);
    EXPECT_THAT(t.lock().waiters, IsEmpty());
}

TEST(LockFolding, ARoutineThatWasLeftIsRunByTheNext) {
    Three t;
    t.b.begin(t.one, CallId::kOnce, kObject).begin(t.two, CallId::kOnce, kObject).end(t.one, CallId::kOnceRuns, kObject);
    t.b.end(t.one, CallId::kOnceLeft, kObject);
    EXPECT_EQ(t.lock().owner, kNobody);
    EXPECT_EQ(t.b.world().thread(1).open_call(), nullptr) << "the call is over, too";
    t.b.end(t.two, CallId::kOnceRuns, kObject);
    EXPECT_EQ(t.lock().owner, 2);
    EXPECT_THAT(t.lock().waiters, IsEmpty());
    EXPECT_FALSE(t.lock().done);
    t.b.end(t.two, CallId::kOnce, kObject);
    EXPECT_EQ(t.lock().owner, kNobody);
    EXPECT_TRUE(t.lock().done);
}

TEST(LockFolding, AForkedChildHoldsWhatItsParentHeldAndNobodyWaitsThere) {
    Three t;
    t.b.end(t.one, CallId::kMutexLock, kObject).begin(t.two, CallId::kMutexLock, kObject);
    const auto child = t.b.thread(200, 200);
    t.b.fork(child, 100, false);
    const World world = t.b.world();
    const LockWorld& copy = world.process(2).locks->at(kObject);
    EXPECT_EQ(copy.owner, world.number_of(child));
    EXPECT_THAT(copy.waiters, IsEmpty());
}

std::shared_ptr<Snapshot> snapshot_of(EventBuilder& b) {
    Observatory observatory({});
    const auto log = b.view();
    observatory.append(log, 0);
    return observatory.snapshot({.playhead = log.size(), .following = false});
}

TEST(SyncViews, ACircleOfWaitingThreadsIsNamedWithItsLocks) {
    Three t;
    t.b.end(t.one, CallId::kMutexLock, 0x10).end(t.two, CallId::kMutexLock, 0x20);
    t.b.begin(t.one, CallId::kMutexLock, 0x20);
    EXPECT_TRUE(snapshot_of(t.b)->wait_cycles.empty());
    t.b.begin(t.two, CallId::kMutexLock, 0x10);
    const auto snapshot = snapshot_of(t.b);
    ASSERT_EQ(snapshot->wait_cycles.size(), 1u);
    const WaitCycleView& cycle = snapshot->wait_cycles[0];
    EXPECT_EQ(cycle.sentence.key, "sync.cycle.two");
    EXPECT_EQ(cycle.sentence.arguments.at("first_lock"), "0x10");
    EXPECT_EQ(cycle.sentence.arguments.at("second_lock"), "0x20");
    for (const SyncView& object : snapshot->sync) EXPECT_TRUE(object.in_cycle) << object.name;
    EXPECT_TRUE(snapshot->sync[0].changed) << "the event at the playhead asks for the first lock";
    EXPECT_FALSE(snapshot->sync[1].changed);
}

TEST(SyncViews, AJoinedThreadIsHeldByItself) {
    Three t;
    t.b.add(t.two, trace::Kind::kThreadStart, 0, 0x7002, 100).begin(t.one, CallId::kThreadJoin, 0x7002);
    const auto snapshot = snapshot_of(t.b);
    ASSERT_EQ(snapshot->sync.size(), 1u);
    EXPECT_EQ(snapshot->sync[0].kind, SyncKind::kThread);
    EXPECT_THAT(snapshot->sync[0].holders, ElementsAre(2));
    EXPECT_THAT(snapshot->sync[0].waiters, ElementsAre(1));
}

TEST(SyncViews, OfThousandsOfLocksThoseThatMatterAreListed) {
    Three t;
    for (std::uint64_t i = 1; i <= 1000; ++i)
        t.b.end(t.one, CallId::kMutexLock, 0x1000 + i * 64).end(t.one, CallId::kMutexUnlock, 0x1000 + i * 64);
    t.b.end(t.two, CallId::kMutexLock, 0x1000 + 900 * 64);
    const auto snapshot = snapshot_of(t.b);
    ASSERT_EQ(snapshot->sync.size(), 1u);
    EXPECT_EQ(snapshot->sync[0].holders, std::vector<Number>{2});
    EXPECT_EQ(snapshot->sync_left_out, 999u);
}

}  // namespace
}  // namespace heddle::model
