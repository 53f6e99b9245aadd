// Waiting in all its forms, many threads, full rings.
#include <sys/wait.h>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Threads : public Compilers {};
HEDDLE_BOTH_COMPILERS(Threads);

TEST_P(Threads, EveryWayToWaitWorksAndIsRecorded) {
    const Outcome outcome = run({program(GetParam(), "waiting")});
    ASSERT_TRUE(outcome.clean_exit());
    EXPECT_EQ(outcome.out, "ok\n");
    ASSERT_EQ(outcome.tapes.size(), 2u);
    const Tape& main = outcome.tapes[0];
    const Tape& other = outcome.tapes[1];
    for (const CallId id : {CallId::kCondWait, CallId::kFutexWait, CallId::kBarrierWait, CallId::kSemWait}) {
        EXPECT_FALSE(other.calls(id).empty()) << trace::call_name(id);
        EXPECT_EQ(other.calls(id, Kind::kCallBegin).size(), other.calls(id).size()) << trace::call_name(id);
    }
    for (const CallId id :
         {CallId::kCondBroadcast, CallId::kFutexWake, CallId::kBarrierWait, CallId::kSemPost, CallId::kCondTimedWait,
          CallId::kMutexTimedLock, CallId::kRwlockReadLock, CallId::kRwlockTimedWriteLock, CallId::kOnce, CallId::kSpinLock,
          CallId::kSpinUnlock, CallId::kThreadYield, CallId::kSleep, CallId::kSemInit}) {
        EXPECT_FALSE(main.calls(id).empty()) << trace::call_name(id);
    }
    for (std::size_t i = 0; i < other.records.size(); ++i) {
        if (other.records[i].kind() == Kind::kThreadName) {
            EXPECT_EQ(other.payload(i), "the-other");
        }
    }
    EXPECT_EQ(other.of(Kind::kThreadName).size(), 1u);
}

TEST_P(Threads, SixHundredThreadsAllGetASlot) {
    const Outcome outcome = run({program(GetParam(), "threads"), "threads", "600"}, {.slots = 640, .ring_capacity = 1 << 10});
    EXPECT_EQ(printed(outcome.out, "counter"), 600u);
    EXPECT_EQ(outcome.tapes.size(), 601u);
    EXPECT_EQ(outcome.threads_without_slot, 0u);
    EXPECT_EQ(outcome.all(Kind::kThreadEnd).size(), 600u);
}

TEST_P(Threads, ThreadsBeyondTheSlotsRunUnrecordedAndAreCounted) {
    const Outcome outcome = run({program(GetParam(), "threads"), "threads", "100"}, {.slots = 11});
    EXPECT_EQ(printed(outcome.out, "counter"), 100u);
    EXPECT_EQ(WEXITSTATUS(outcome.wait_status), 3);
    EXPECT_EQ(outcome.tapes.size(), 11u);
    EXPECT_EQ(outcome.threads_without_slot, 90u);
}

TEST_P(Threads, SlotsAreUsedAgainOnceTheyAreDrained) {
    const Outcome outcome = run({program(GetParam(), "threads"), "threads", "600"}, {.slots = 8, .drain = true});
    EXPECT_EQ(printed(outcome.out, "counter"), 600u);
    EXPECT_LE(outcome.tapes.size(), 8u);
}

TEST_P(Threads, FullRingIsWaitedForWhileSomebodyReads) {
    const Outcome outcome =
        run({program(GetParam(), "threads"), "records", "100000"}, {.ring_capacity = 1 << 10, .drain = true});
    EXPECT_EQ(printed(outcome.out, "counter"), 100000u);
    EXPECT_EQ(outcome.dropped(), 0u);
}

TEST_P(Threads, FullRingDropsAndCountsWhereNobodyReads) {
    const Outcome outcome = run({program(GetParam(), "threads"), "records", "100000"}, {.ring_capacity = 1 << 12});
    EXPECT_EQ(printed(outcome.out, "counter"), 100000u);
    const Tape& main = outcome.first();
    EXPECT_EQ(main.records.size(), 1u << 12);
    EXPECT_GT(main.records.size() + main.dropped, 200000u);
    EXPECT_LT(main.records.size() + main.dropped, 201000u);
}

}  // namespace
}  // namespace heddle::runtime_test
