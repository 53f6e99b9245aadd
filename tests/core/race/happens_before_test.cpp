#include "core/race/happens_before.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/core/race/race_builder.h"

namespace heddle::race {
namespace {

using namespace testing;  // NOLINT: the builder's
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t kLock = 0x407000;

struct Order {
    const char* says;
    bool ordered;
    std::function<void(Story&, ThreadIndex main, ThreadIndex t1, ThreadIndex t2)> between;
};

// T1 writes x, then what the row says, then T2 writes x: a race unless the row orders the two.
void expect_order(const std::vector<Order>& rows) {
    for (const Order& row : rows) {
        Story run;
        const auto [main, t1, t2] = run.two_threads();
        run.write(t1, kX, 2, 0x1);
        row.between(run, main, t1, t2);
        run.write(t2, kX, 2, 0x2);
        std::size_t on_x = 0;
        for (const Race& race : run.races()) on_x += race.first.pc == 0x1 && race.second.pc == 0x2;
        EXPECT_EQ(on_x == 0, row.ordered) << row.says;
    }
}

TEST(HappensBefore, OrdersByMutexes) {
    expect_order({
        {"nothing", false, [](Story&, auto, auto, auto) {}},
        {"unlock, then lock", true, [](Story& r, auto, auto t1, auto t2) { r.lock(t1).unlock(t1).lock(t2); }},
        {"the lock's end is stamped before the unlock's begin", true,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).lock(t2).unlock(t1); }},
        {"and so is the last write", true,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).lock(t2).write(t1, kX, 2, 0x1).unlock(t1); }},
        {"the one that was stamped early has let go since", false,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).lock(t2).unlock(t1).write(t1, kX, 2, 0x1); }},
        {"another mutex", false, [](Story& r, auto, auto t1, auto t2) { r.lock(t1, 1).unlock(t1, 1).lock(t2, 2); }},
        {"the lock ends after the unlock begins, before it ends", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1).begin(t2, CallId::kMutexLock, kMutex).begin(t1, CallId::kMutexUnlock, kMutex);
             r.end(t2, CallId::kMutexLock, kMutex).end(t1, CallId::kMutexUnlock, kMutex);
         }},
        {"a trylock that got it", true,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).unlock(t1).call(t2, CallId::kMutexTryLock, kMutex); }},
        {"a trylock that did not", false,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).unlock(t1).call(t2, CallId::kMutexTryLock, kMutex, 0, -EBUSY); }},
        {"a timed lock that ran out", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1).unlock(t1).call(t2, CallId::kMutexTimedLock, kMutex, 0, -ETIMEDOUT);
         }},
        {"a robust mutex whose owner died", true,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).unlock(t1).call(t2, CallId::kMutexLock, kMutex, 0, -EOWNERDEAD); }},
        {"destroyed and made anew", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t1).unlock(t1).end(t1, CallId::kMutexDestroy, kMutex).end(t2, CallId::kMutexInit, kMutex).lock(t2);
         }},
        {"through a third", true,
         [](Story& r, auto main, auto t1, auto t2) {
             r.lock(t1, 1).unlock(t1, 1).lock(main, 1).lock(main, 2).unlock(main, 2).lock(t2, 2);
         }},
        {"a spin lock", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.call(t1, CallId::kSpinLock, 1).call(t1, CallId::kSpinUnlock, 1).call(t2, CallId::kSpinTryLock, 1);
         }},
    });
}

TEST(HappensBefore, KnowsAnAccessOfALockThatWasGivenBackByTheTimeItIsLogged) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.lock(t1).lock(t2).write(t2, kX).write(t1, kX).unlock(t1);  // T1's write and unlock are logged too late
    EXPECT_THAT(run.races(), IsEmpty());
    run.write(t1, kX);
    EXPECT_THAT(run.races(), SizeIs(1)) << "this one is outside of the lock";
}

TEST(HappensBefore, OrdersWritersWithReadersAndReadersNotAmongThemselves) {
    const auto read = [](Story& r, auto who) {
        r.call(who, CallId::kRwlockReadLock, kLock).call(who, CallId::kRwlockUnlock, kLock);
    };
    const auto write = [](Story& r, auto who) {
        r.call(who, CallId::kRwlockWriteLock, kLock).call(who, CallId::kRwlockUnlock, kLock);
    };
    expect_order({
        {"writer, writer", true, [&](Story& r, auto, auto t1, auto t2) { write(r, t1), write(r, t2); }},
        {"writer, reader", true, [&](Story& r, auto, auto t1, auto t2) { write(r, t1), read(r, t2); }},
        {"reader, writer", true, [&](Story& r, auto, auto t1, auto t2) { read(r, t1), write(r, t2); }},
        {"a writer that is stamped before the reader's unlock", true,
         [&](Story& r, auto, auto t1, auto t2) { r.call(t1, CallId::kRwlockReadLock, kLock), write(r, t2); }},
        {"a reader that is stamped before the writer's unlock", true,
         [&](Story& r, auto, auto t1, auto t2) { r.call(t1, CallId::kRwlockWriteLock, kLock), read(r, t2); }},
        {"reader, reader", false, [&](Story& r, auto, auto t1, auto t2) { read(r, t1), read(r, t2); }},
        {"reader, another writer, reader", true,
         [&](Story& r, auto main, auto t1, auto t2) { read(r, t1), write(r, main), read(r, t2); }},
    });
}

TEST(HappensBefore, OrdersAConditionVariableByItsMutexOnly) {
    expect_order({
        {"signal and wake-up alone", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.begin(t2, CallId::kCondWait, kFlag, kMutex).call(t1, CallId::kCondSignal, kFlag);
             r.end(t2, CallId::kCondWait, kFlag);
         }},
        {"the signal under the mutex", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.lock(t2).begin(t2, CallId::kCondWait, kFlag, kMutex).lock(t1).call(t1, CallId::kCondSignal, kFlag).unlock(t1);
             r.end(t2, CallId::kCondWait, kFlag);
         }},
        {"the wait gives the mutex back", true,
         [](Story& r, auto, auto t1, auto t2) { r.lock(t1).begin(t1, CallId::kCondWait, kFlag, kMutex).lock(t2); }},
        {"a wait that ran out has the mutex again", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.begin(t2, CallId::kCondTimedWait, kFlag, kMutex).lock(t1).unlock(t1);
             r.end(t2, CallId::kCondTimedWait, kFlag, -ETIMEDOUT);
         }},
    });
}

TEST(HappensBefore, OrdersEveryArrivalAtABarrierBeforeEveryDeparture) {
    const auto arrive = [](Story& r, auto who) { r.begin(who, CallId::kBarrierWait, kLock); };
    const auto leave = [](Story& r, auto who) { r.end(who, CallId::kBarrierWait, kLock); };
    expect_order({
        {"both arrive", true,
         [&](Story& r, auto, auto t1, auto t2) { arrive(r, t1), arrive(r, t2), leave(r, t2), leave(r, t1); }},
        {"the other round", false,
         [&](Story& r, auto main, auto t1, auto t2) {
             arrive(r, main), arrive(r, t2), leave(r, main);
             arrive(r, t1), leave(r, t2);  // T1 comes for the next round while T2 has yet to leave the first
         }},
        {"after leaving", false,
         [&](Story& r, auto, auto t1, auto t2) {
             arrive(r, t1), arrive(r, t2), leave(r, t1), r.write(t1, kX, 2, 0x1), leave(r, t2);
         }},
    });
}

TEST(HappensBefore, OrdersTheInitializationOfAStaticVariableBeforeItsUses) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.begin(t1, CallId::kGuardAcquire, kLock)
        .end(t1, CallId::kGuardAcquire, kLock, 1)
        .begin(t2, CallId::kGuardAcquire, kLock);
    run.write(t1, kX).end(t1, CallId::kGuardRelease, kLock).end(t2, CallId::kGuardAcquire, kLock, 0).read(t2, kX);
    run.atomic(main, Kind::kAtomicLoad, kLock, 1, MemoryOrder::kAcquire).read(main, kX);  // the compiler's own check
    EXPECT_THAT(run.races(), IsEmpty());
    run.write(t1, kY).atomic(main, Kind::kAtomicLoad, kLock, 1, MemoryOrder::kAcquire).write(main, kY);
    EXPECT_THAT(run.races(), SizeIs(1)) << "what came after the initialization is not ordered";
}

TEST(HappensBefore, OrdersAnInitializationThatWasGivenUpBeforeTheNext) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.begin(t1, CallId::kGuardAcquire, kLock)
        .end(t1, CallId::kGuardAcquire, kLock, 1)
        .begin(t2, CallId::kGuardAcquire, kLock);
    run.write(t1, kX).end(t1, CallId::kGuardAbort, kLock).end(t2, CallId::kGuardAcquire, kLock, 1).write(t2, kX);
    EXPECT_THAT(run.races(), IsEmpty());
}

TEST(HappensBefore, OrdersTheRoutineOfAOnceBeforeEveryReturn) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.begin(t2, CallId::kOnce, kLock).begin(t1, CallId::kOnce, kLock).write(t1, kX);  // T1 runs the routine, T2 waits
    run.end(t2, CallId::kOnce, kLock).read(t2, kX).end(t1, CallId::kOnce, kLock);
    run.call(main, CallId::kOnce, kLock).read(main, kX);
    EXPECT_THAT(run.races(), IsEmpty());
    run.write(t1, kY).call(main, CallId::kOnce, kLock).write(main, kY);
    EXPECT_THAT(run.races(), SizeIs(1)) << "what came after the routine is not ordered";
}

TEST(HappensBefore, OrdersARoutineThatWasLeftBeforeTheNext) {
    for (const bool told_late : {false, true}) {
        Story run;
        const auto [main, t1, t2] = run.two_threads();
        run.begin(t1, CallId::kOnce, kLock).end(t1, CallId::kOnceRuns, kLock).begin(t2, CallId::kOnce, kLock).write(t1, kX);
        if (!told_late) run.end(t1, CallId::kOnceLeft, kLock).write(t1, kY);
        run.end(t2, CallId::kOnceRuns, kLock);
        if (told_late) run.end(t1, CallId::kOnceLeft, kLock).write(t1, kY);
        run.write(t2, kX).end(t2, CallId::kOnce, kLock).call(main, CallId::kOnce, kLock).read(main, kX);
        EXPECT_THAT(run.races(), IsEmpty()) << told_late;
        run.write(t2, kY);
        EXPECT_THAT(run.races(), SizeIs(1)) << "what came after it was left is not ordered; " << told_late;
    }
}

TEST(HappensBefore, KnowsWhoRanTheRoutineOfAOnceThatHasNoHooks) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.write(t1, kX).begin(t2, CallId::kOnce, kLock).begin(t1, CallId::kOnce, kLock).end(t1, CallId::kOnceRuns, kLock);
    run.end(t2, CallId::kOnce, kLock).read(t2, kX).end(t1, CallId::kOnce, kLock);
    EXPECT_THAT(run.races(), IsEmpty());
}

TEST(HappensBefore, OrdersAPostBeforeAWait) {
    expect_order({
        {"post, wait", true,
         [](Story& r, auto, auto t1, auto t2) { r.call(t1, CallId::kSemPost, kLock).call(t2, CallId::kSemWait, kLock); }},
        {"the wait ends before the post does", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.begin(t2, CallId::kSemWait, kLock).begin(t1, CallId::kSemPost, kLock).end(t2, CallId::kSemWait, kLock);
         }},
        {"a wait that failed", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.call(t1, CallId::kSemPost, kLock).call(t2, CallId::kSemTryWait, kLock, 0, -EAGAIN);
         }},
        {"the wait's end is stamped before the post's begin", true,
         [](Story& r, auto main, auto t1, auto t2) {
             r.call(main, CallId::kSemInit, kLock, 0).call(t2, CallId::kSemWait, kLock).call(t1, CallId::kSemPost, kLock);
         }},
        {"a permit it had from the beginning", false,
         [](Story& r, auto main, auto t1, auto t2) {
             r.call(main, CallId::kSemInit, kLock, 1).call(t2, CallId::kSemWait, kLock).call(t1, CallId::kSemPost, kLock);
         }},
        {"two waits", false,
         [](Story& r, auto, auto t1, auto t2) { r.call(t1, CallId::kSemWait, kLock).call(t2, CallId::kSemWait, kLock); }},
    });
}

TEST(HappensBefore, OrdersByCreateAndJoin) {
    Story run;
    const ThreadIndex main = run.thread(100), child = run.thread(101);
    run.add(main, Kind::kThreadStart).write(main, kX).create(main, child).write(child, kX).ends(child);
    run.join(main, child).write(main, kX);
    EXPECT_THAT(run.races(), IsEmpty());
}

TEST(HappensBefore, OrdersNothingByAJoinThatFailed) {
    Story run;
    const ThreadIndex main = run.thread(100), child = run.thread(101);
    run.add(main, Kind::kThreadStart).create(main, child).write(child, kX).join(main, child, -EBUSY).write(main, kX);
    EXPECT_THAT(run.races(), SizeIs(1));
}

TEST(HappensBefore, LetsAThreadThatStartsLateRaceWithWhatItsCreatorDidSince) {
    for (const bool create_ended : {true, false}) {
        Story run;
        const ThreadIndex main = run.thread(100), child = run.thread(101);
        run.add(main, Kind::kThreadStart).write(main, kY).create_begins(main);
        if (create_ended) run.create_ends(main, child);
        run.write(main, kX).starts(child, main).write(child, kY).write(child, kX);
        EXPECT_THAT(run.races(), SizeIs(1)) << create_ended;
    }
}

TEST(HappensBefore, JoinsTheThreadThatEndedWhereAHandleIsUsedTwice) {
    Story run;
    const ThreadIndex main = run.thread(100), first = run.thread(101), second = run.thread(102);
    run.add(main, Kind::kThreadStart).create(main, first).write(first, kX).ends(first).begin(main, CallId::kThreadJoin, 0xa065);
    run.create_begins(first).add(second, Kind::kThreadStart, 0, 0xa065, 100);  // the library gave the handle away again
    run.end(main, CallId::kThreadJoin, 0xa065).write(main, kX);
    EXPECT_THAT(run.races(), IsEmpty());
    run.write(second, kY).write(main, kY);
    EXPECT_THAT(run.races(), SizeIs(1));
}

// Where /proc is looked at from time to time, a thread is found by a look that began before its creator even asked for it.
TEST(HappensBefore, IsNotMisledByABirthThatWasOnlySampled) {
    Story run;
    const ThreadIndex main = run.thread(100), first = run.thread(101), second = run.thread(102);
    run.add(main, Kind::kThreadStart).create_begins(main);
    run.add(second, Kind::kFork, trace::kNewThread | trace::kSampledBirth, 0, 100);
    run.create_ends(main, first).starts(first, main).write(main, kX);
    run.create_begins(main).create_ends(main, second).starts(second, main).read(second, kX);
    EXPECT_THAT(run.races(), IsEmpty());
}

TEST(HappensBefore, OrdersForkChildAndWaitInSharedMemory) {
    RaceOptions options;
    options.order.shared = [](ProcessId, std::uint64_t address) { return std::optional(address); };
    Story run;
    const ThreadIndex parent = run.thread(100), child = run.thread(200, 200);
    run.add(parent, Kind::kThreadStart).write(parent, kX).begin(parent, CallId::kFork);
    run.add(child, Kind::kProcessStart, 1, 0, 100).add(child, Kind::kThreadStart).write(child, kX);
    run.end(parent, CallId::kFork, 0, 200).begin(parent, CallId::kWait).end(parent, CallId::kWait, 0, 200).write(parent, kX);
    EXPECT_THAT(run.detect(options).races(), IsEmpty());
}

TEST(HappensBefore, OrdersAMessageBeforeItsReception) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    for (const bool received : {true, false}) {
        HappensBefore order;
        for (const auto& event : run.events()) order.add(event, run.threads());
        const Epoch epoch = order.epoch(t1);
        order.message_sent(t1, 5);
        order.message_received(t2, received ? 5 : 6);
        EXPECT_EQ(order.clock(t2).covers(epoch), received);
    }
}

TEST(HappensBefore, OrdersByReleaseAndAcquire) {
    constexpr auto kRelaxed = MemoryOrder::kRelaxed, kAcquire = MemoryOrder::kAcquire, kRelease = MemoryOrder::kRelease,
                   kBoth = MemoryOrder::kAcquireRelease, kSeq = MemoryOrder::kSequential;
    expect_order({
        {"release, acquire", true, [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelease).load(t2, 1, kAcquire); }},
        {"seq_cst", true, [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kSeq).load(t2, 1, kSeq); }},
        {"relaxed store", false, [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelaxed).load(t2, 1, kAcquire); }},
        {"relaxed load", false, [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelease).load(t2, 1, kRelaxed); }},
        {"an acquire that read the value from before", false,
         [](Story& r, auto, auto t1, auto t2) { r.load(t2, 0, kAcquire).store(t1, 1, kRelease).load(t2, 0, kAcquire); }},
        {"an older store than the last in the log", true,
         [](Story& r, auto main, auto t1, auto t2) {
             r.store(t1, 1, kRelease).store(main, 2, kRelease).load(t2, 1, kAcquire);
         }},
        {"the last store was another's", false,
         [](Story& r, auto main, auto t1, auto t2) {
             r.store(t1, 1, kRelease).store(main, 2, kRelease).load(t2, 2, kAcquire);
         }},
        {"a release sequence through another's relaxed update", true,
         [](Story& r, auto main, auto t1, auto t2) {
             r.store(t1, 1, kRelease).atomic(main, Kind::kAtomicUpdate, kFlag, 2, kRelaxed).load(t2, 2, kAcquire);
         }},
        {"an update that acquires", true,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelease).atomic(t2, Kind::kAtomicExchange, kFlag, 0, kBoth); }},
        {"a compare-and-swap that releases", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.atomic(t1, Kind::kAtomicCompareOk, kFlag, 1, kRelease).load(t2, 1, kAcquire);
         }},
        {"a failed compare-and-swap reads", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.store(t1, 1, kRelease).atomic(t2, Kind::kAtomicCompareFailed, kFlag, 1, kAcquire);
         }},
        {"a failed compare-and-swap stores nothing", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.load(t2, 0, kAcquire).atomic(t1, Kind::kAtomicCompareFailed, kFlag, 0, kBoth).load(t2, 0, kAcquire);
         }},
        {"an exchange that is stamped just before the store it followed", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.atomic(t2, Kind::kAtomicExchange, kFlag, 1, kAcquire).after(40).store(t1, 0, kRelease);
         }},
        {"a load that is stamped just before the store and the write it follows", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.load(t2, 0, kAcquire).after(40).load(t2, 1, kAcquire).after(10).write(t1, kX, 2, 0x1);
             r.after(40).store(t1, 1, kRelease);
         }},
        {"a value that it saw replaced before: there is a store not in the log yet", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.store(t2, 1, kRelease).store(t2, 0, kRelease).load(t2, 1, kAcquire).store(t1, 1, kRelease);
         }},
        {"an exchange long before the store", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.atomic(t2, Kind::kAtomicExchange, kFlag, 1, kAcquire).after(1000).store(t1, 0, kRelease);
         }},
        {"before the release only", false,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelease).write(t1, kX, 2, 0x1).load(t2, 1, kAcquire); }},
        {"release fence, relaxed store", true,
         [](Story& r, auto, auto t1, auto t2) { r.fence(t1, kRelease).store(t1, 1, kRelaxed).load(t2, 1, kAcquire); }},
        {"relaxed load, acquire fence", true,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelease).load(t2, 1, kRelaxed).fence(t2, kAcquire); }},
        {"both fences", true,
         [](Story& r, auto, auto t1, auto t2) {
             r.fence(t1, kSeq).store(t1, 1, kRelaxed).load(t2, 1, kRelaxed).fence(t2, kSeq);
         }},
        {"fences with no atomic between", false, [](Story& r, auto, auto t1, auto t2) { r.fence(t1, kSeq).fence(t2, kSeq); }},
        {"the store came before the fence", false,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelaxed).fence(t1, kRelease).load(t2, 1, kAcquire); }},
        {"a futex whose word the program's own atomics write", false,
         [](Story& r, auto, auto t1, auto t2) {
             r.begin(t2, CallId::kFutexWait, kFlag).store(t1, 1, kRelaxed);
             r.call(t1, CallId::kFutexWake, kFlag).end(t2, CallId::kFutexWait, kFlag);
         }},
        {"a futex whose word code without hooks writes", true,
         [](Story& r, auto, auto, auto t2) { r.load(t2, 0, kAcquire).call(t2, CallId::kFutexWait, kFlag); }},
        {"a value that no hook saw written", true,  // the guard of a function's static variable: written by the library
         [](Story& r, auto, auto t1, auto t2) { r.load(t1, 0, kAcquire).load(t2, 1, kAcquire); }},
    });
}

TEST(HappensBefore, OrdersAnAtomicByWhatItAcquires) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.write(t1, kFlag).store(t1, 1, MemoryOrder::kRelease).load(t2, 1, MemoryOrder::kAcquire);
    EXPECT_THAT(run.races(), IsEmpty()) << "the variable's own initialization happens before the load";
    run.write(t2, kFlag);
    EXPECT_THAT(run.races(), IsEmpty()) << "and so does the store that it read";
}

TEST(HappensBefore, FollowsLifetimesOnlyWhenAsked) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.lock(t1).unlock(t1).lock(t2).store(t1, 1, MemoryOrder::kRelease).load(t2, 1, MemoryOrder::kAcquire);
    HappensBefore order({.edges = Edges::kLifetimes, .shared = {}});
    for (const auto& event : run.events()) order.add(event, run.threads());
    EXPECT_FALSE(order.clock(t2).covers(order.epoch(t1)));
    EXPECT_EQ(order.clock(t2).of(t1.value), 0U);
}

}  // namespace
}  // namespace heddle::race
