#include "core/model/conflict_search.h"

#include <gtest/gtest.h>

#include "core/model/conflict_report.h"
#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

using testing::EventBuilder;
using trace::CallId;
using trace::Kind;

constexpr std::uint64_t kA = 0x1000, kB = 0x2000, kX = 0x3000, kSecondHandle = 0x7002;

struct Two {
    EventBuilder b;
    trace::ThreadIndex one = b.thread(100), two = b.thread(101);
    Two() {
        b.begin(one, CallId::kThreadCreate).end(one, CallId::kThreadCreate, kSecondHandle, 101);
        b.add(two, Kind::kThreadStart, 0, kSecondHandle, 100);
    }
    Two& lock(trace::ThreadIndex who, std::uint64_t what) {
        b.begin(who, CallId::kMutexLock, what).end(who, CallId::kMutexLock, what);
        return *this;
    }
    Two& unlock(trace::ThreadIndex who, std::uint64_t what) {
        b.begin(who, CallId::kMutexUnlock, what).end(who, CallId::kMutexUnlock, what);
        return *this;
    }
    Two& asks(trace::ThreadIndex who, std::uint64_t what) {
        b.begin(who, CallId::kMutexLock, what);
        return *this;
    }
    ConflictSearch search(ConflictOptions options = {}) {
        ConflictSearch search(options);
        const auto log = b.view();
        search.look(log, log.size());
        return search;
    }
};

TEST(ConflictSearch, ACircleOfRequestsThatNeverEndIsADeadlock) {
    Two t;
    t.lock(t.one, kA).lock(t.two, kB).asks(t.one, kB).asks(t.two, kA);
    const std::uint64_t last = t.b.view().size() - 1;
    const auto deadlocks = t.search().deadlocks();
    ASSERT_EQ(deadlocks.size(), 1u);
    EXPECT_EQ(deadlocks[0].cycle.steps.size(), 2u);
    EXPECT_EQ(deadlocks[0].closed_by, last) << "the second request closed it";
    EXPECT_EQ(deadlocks[0].requests, (std::vector<std::uint64_t>{last - 1, last}));
}

TEST(ConflictSearch, ARequestThatWasGrantedEndsTheCircle) {
    Two t;
    t.lock(t.one, kA).lock(t.two, kB).asks(t.one, kB).unlock(t.two, kB);
    t.b.end(t.one, CallId::kMutexLock, kB);
    t.asks(t.two, kA);
    EXPECT_TRUE(t.search().deadlocks().empty()) << "the first waits for nobody";
}

TEST(ConflictSearch, AJoinOfAThreadThatWaitsForTheJoinersLockIsADeadlock) {
    Two t;
    t.lock(t.one, kA);
    t.b.begin(t.one, CallId::kThreadJoin, kSecondHandle);
    t.asks(t.two, kA);
    const auto deadlocks = t.search().deadlocks();
    ASSERT_EQ(deadlocks.size(), 1u);
    EXPECT_EQ(deadlocks[0].cycle.steps[0].wanted_kind, race::WaitedFor::kThread);
}

TEST(ConflictSearch, ALockTakenTwiceIsADeadlockOnceItHasSurelyWaited) {
    Two at_once;
    at_once.lock(at_once.one, kA).asks(at_once.one, kA);
    EXPECT_TRUE(at_once.search().deadlocks().empty()) << "a recursive mutex, cut off in the middle";
    Two later;
    later.lock(later.one, kA).asks(later.one, kA);
    for (int i = 0; i < 20; ++i) later.b.read(later.two, kX, 0);  // a millisecond each
    ASSERT_EQ(later.search().deadlocks().size(), 1u);
    EXPECT_EQ(later.search().deadlocks()[0].cycle.steps.size(), 1u);
}

TEST(ConflictSearch, RacesAreFoundInTheFirstEventsOnlyAndTheReportSaysSo) {
    Two t;
    for (int i = 0; i < 10; ++i) t.b.read(t.one, kB, 0);
    t.b.write(t.one, kX, 1).write(t.two, kX, 2);
    ConflictSearch all = t.search(), few = t.search({.events = 8});
    EXPECT_EQ(all.races().size(), 1u);
    EXPECT_TRUE(few.races().empty());
    EXPECT_FALSE(all.cut_short());
    EXPECT_TRUE(few.cut_short());
    Observatory observatory({});
    observatory.append(t.b.view(), 0);
    ConflictReport report;
    report.finish(few, observatory);
    ASSERT_EQ(report.findings().size(), 1u);
    EXPECT_EQ(report.findings()[0].id, "search-limit");
    EXPECT_EQ(report.findings()[0].sentence.arguments.at("n"), "8");
}

TEST(ConflictSearch, WhatAThreadWroteBeforeItWroteToAPipeIsOrderedForTheReader) {
    const auto races = [](bool through_pipe) {
        Two t;
        t.b.write(t.one, kX, 1);
        if (through_pipe) {
            t.b.begin(t.one, CallId::kWrite, 0, 4).end(t.one, CallId::kWrite, 0, 1);
            t.b.begin(t.two, CallId::kRead, 0, 3).end(t.two, CallId::kRead, 0, 1);
        }
        t.b.read(t.two, kX, 1);
        return t.search().races().size();
    };
    EXPECT_EQ(races(true), 0u);
    EXPECT_EQ(races(false), 1u);
}

TEST(ConflictSearch, FedInPartsItFindsTheSame) {
    Two t;
    for (int i = 0; i < 50; ++i) t.b.write(t.one, kX + 8 * (i % 3), i, 0x400 + i % 5).read(t.two, kX + 8 * (i % 2), i, 0x500);
    const auto log = t.b.view();
    ConflictSearch whole, parts;
    whole.look(log, log.size());
    for (std::uint64_t i = 0; i <= log.size(); i += 3) parts.look(log, i);
    parts.look(log, log.size());
    EXPECT_FALSE(parts.races().empty());
    EXPECT_EQ(parts.races().size(), whole.races().size());
}

}  // namespace
}  // namespace heddle::model
