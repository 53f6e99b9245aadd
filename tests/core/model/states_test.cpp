#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

using testing::EventBuilder;
using trace::CallId;
using Edge = std::tuple<Number, ThreadState, ThreadState, Cause>;

constexpr auto kNew = ThreadState::kNew;
constexpr auto kReady = ThreadState::kReady;
constexpr auto kRunning = ThreadState::kRunning;
constexpr auto kWaiting = ThreadState::kWaiting;
constexpr auto kTerminated = ThreadState::kTerminated;

class Edges final : public WorldSink {
public:
    std::vector<Edge> edges;
    std::vector<std::pair<Number, Number>> wakes;
    void thread_born(const ThreadWorld&, Nanoseconds, std::uint64_t) override {}
    void transition(const Transition& t, Nanoseconds, std::uint64_t) override {
        edges.emplace_back(t.thread, t.from, t.to, t.cause);
    }
    void cpu_runs(CpuId, Number, Nanoseconds, std::uint64_t) override {}
    void woken(Number by, Number thread, Nanoseconds, std::uint64_t) override { wakes.emplace_back(by, thread); }
    void hook_event(Number, Nanoseconds, std::uint64_t) override {}
};

std::vector<Edge> edges_of(EventBuilder& b) {
    Edges edges;
    b.world(~std::uint64_t{0}, &edges);
    return edges.edges;
}

TEST(States, AThreadIsBornAdmittedDispatchedPreemptedAndEnds) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main).fork(worker, 100).gives_up(main).in(worker).preempted(worker).in(worker, 1).exits(worker).gives_up(worker, 1);
    EXPECT_THAT(edges_of(b), ::testing::ElementsAre(
                                 Edge{1, kNew, kReady, Cause::kAdmitted}, Edge{1, kReady, kRunning, Cause::kDispatch},
                                 Edge{1, kRunning, kWaiting, Cause::kOther}, Edge{2, kNew, kReady, Cause::kAdmitted},
                                 Edge{2, kReady, kRunning, Cause::kDispatch}, Edge{2, kRunning, kReady, Cause::kTimeOut},
                                 Edge{2, kReady, kRunning, Cause::kDispatch}, Edge{2, kRunning, kTerminated, Cause::kExit}));
}

TEST(States, WithoutWakeUpRecordsADispatchedThreadWasWokenAtThatInstant) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).gives_up(main).in(main);
    const World world = b.world();
    EXPECT_EQ(world.edges()[static_cast<int>(kWaiting)][static_cast<int>(kReady)], 1U);
    EXPECT_EQ(world.thread(1).in_state(kReady, world.time()).count(), 0);
    EXPECT_EQ(world.thread(1).in_state(kWaiting, world.time()).count(), 1'000'000);
}

TEST(States, AWakeUpMakesAWaitingThreadReadyUntilItIsDispatched) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main).fork(worker, 100).in(worker, 1).gives_up(worker, 1).woken(worker, 100).in(worker, 1);
    Edges edges;
    const World world = b.world(~std::uint64_t{0}, &edges);
    EXPECT_THAT(edges.wakes, ::testing::ElementsAre(std::pair{1, 2}));
    EXPECT_EQ(world.thread(2).in_state(kReady, world.time()).count(), 1'000'000);
}

struct CauseCase {
    CallId call;
    Cause cause;
};
class CauseOfWaiting : public ::testing::TestWithParam<CauseCase> {};

TEST_P(CauseOfWaiting, IsTheOpenCall) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).begin(main, GetParam().call, 0x1000, 3).gives_up(main);
    const World world = b.world();
    EXPECT_EQ(world.thread(1).state, kWaiting);
    EXPECT_EQ(world.thread(1).cause, GetParam().cause);
}

INSTANTIATE_TEST_SUITE_P(
    Calls, CauseOfWaiting,
    ::testing::Values(CauseCase{CallId::kMutexLock, Cause::kLock}, CauseCase{CallId::kRwlockReadLock, Cause::kLock},
                      CauseCase{CallId::kCondWait, Cause::kCondition}, CauseCase{CallId::kSemWait, Cause::kSemaphore},
                      CauseCase{CallId::kBarrierWait, Cause::kBarrier}, CauseCase{CallId::kFutexWait, Cause::kFutex},
                      CauseCase{CallId::kSleep, Cause::kSleep}, CauseCase{CallId::kThreadJoin, Cause::kJoin},
                      CauseCase{CallId::kWait, Cause::kChild}, CauseCase{CallId::kRead, Cause::kIo},
                      CauseCase{CallId::kPoll, Cause::kIo}, CauseCase{CallId::kPause, Cause::kSignal},
                      CauseCase{CallId::kMalloc, Cause::kOther}));

TEST(States, SwitchedOutInsideSchedYieldIsAYield) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).begin(main, CallId::kThreadYield).preempted(main).in(main).end(main, CallId::kThreadYield).preempted(main);
    const World world = b.world();
    EXPECT_EQ(world.transitions_by_cause()[static_cast<std::size_t>(Cause::kYield)], 1U);
    EXPECT_EQ(world.transitions_by_cause()[static_cast<std::size_t>(Cause::kTimeOut)], 1U);
}

TEST(States, HooksAloneGiveASensibleLife) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.add(main, trace::Kind::kProcessStart)
        .begin(main, CallId::kThreadCreate, 0x7000)
        .end(main, CallId::kThreadCreate, 0x7000, 101);
    b.add(worker, trace::Kind::kThreadStart, 0, 0x7000, 100).end(worker, CallId::kMutexLock, 0x10);
    b.begin(main, CallId::kMutexLock, 0x10);
    EXPECT_EQ(b.world().thread(1).state, kWaiting);
    EXPECT_EQ(b.world().thread(1).cause, Cause::kLock);
    b.end(worker, CallId::kMutexUnlock, 0x10).end(main, CallId::kMutexLock, 0x10).begin(main, CallId::kThreadJoin, 0x7000);
    EXPECT_EQ(b.world().thread(1).cause, Cause::kJoin);
    b.add(worker, trace::Kind::kThreadEnd).end(main, CallId::kThreadJoin, 0x7000);
    const World world = b.world();
    EXPECT_EQ(world.thread(1).state, kRunning);
    EXPECT_EQ(world.thread(2).state, kTerminated);
    EXPECT_EQ(world.thread(2).creator, 1);
}

TEST(States, AnUncontendedLockIsNoWaiting) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.add(main, trace::Kind::kProcessStart).begin(main, CallId::kMutexLock, 0x10);
    EXPECT_EQ(b.world().thread(1).state, kRunning);
}

TEST(States, AMigrationIsADispatchOnAnotherCpu) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main, 0).preempted(main, 0).in(main, 1).preempted(main, 1).in(main, 1);
    const World world = b.world();
    EXPECT_EQ(world.thread(1).migrations, 1U);
    EXPECT_EQ(world.thread(1).dispatches, 3U);
    ASSERT_EQ(world.cpus().size(), 2U);
    EXPECT_EQ(world.cpus()[0].running, kNobody);
    EXPECT_EQ(world.cpus()[1].running, 1);
}

TEST(States, OnlyTheTextbooksEdgesHappenWhateverIsLost) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.gives_up(main).gives_up(main).preempted(main).in(main).in(main, 1).exits(main).preempted(main).in(main);
    const World world = b.world();
    for (std::size_t from = 0; from < kThreadStates; ++from) {
        for (std::size_t to = 0; to < kThreadStates; ++to) {
            const auto a = static_cast<ThreadState>(from), z = static_cast<ThreadState>(to);
            const bool legal = (a == kNew && z == kReady) || (a == kReady && z == kRunning) ||
                               (a == kRunning && (z == kReady || z == kWaiting || z == kTerminated)) ||
                               (a == kWaiting && z == kReady);
            if (!legal) {
                EXPECT_EQ(world.edges()[from][to], 0U) << from << " to " << to;
            }
        }
    }
    EXPECT_EQ(world.thread(1).state, kTerminated);
}

TEST(States, AKilledProcessEndsItsThreads) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main).fork(worker, 100).exits(main).add(main, trace::Kind::kProcessReaped, 0, 0, 9);
    const World world = b.world();
    EXPECT_EQ(world.thread(1).cause, Cause::kKilled);
    EXPECT_EQ(world.thread(2).cause, Cause::kKilled);
    EXPECT_EQ(world.process(1).exit.kind, ProcessExit::Kind::kSignaled);
    EXPECT_EQ(world.process(1).exit.signal, 9);
}

}  // namespace
}  // namespace heddle::model
