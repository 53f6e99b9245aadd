#include "core/model/observatory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

using testing::EventBuilder;
using trace::CallId;

// What two worlds must agree on to be the same one.
void expect_same(const World& a, const World& b) {
    ASSERT_EQ(a.events(), b.events());
    ASSERT_EQ(a.thread_count(), b.thread_count());
    EXPECT_EQ(a.edges(), b.edges());
    for (Number n = 1; n <= static_cast<Number>(a.thread_count()); ++n) {
        EXPECT_EQ(a.thread(n).state, b.thread(n).state);
        EXPECT_EQ(a.thread(n).time_in, b.thread(n).time_in);
        EXPECT_EQ(a.thread(n).stack.size(), b.thread(n).stack.size());
        EXPECT_EQ(a.thread(n).pc, b.thread(n).pc);
    }
    for (Number n = 1; n <= static_cast<Number>(a.process_count()); ++n) {
        std::array<std::byte, 256> left{}, right{};
        std::array<bool, 256> left_known{}, right_known{};
        a.process(n).memory.read(0x1000, left, left_known);
        b.process(n).memory.read(0x1000, right, right_known);
        EXPECT_EQ(left, right);
        EXPECT_EQ(left_known, right_known);
        EXPECT_EQ(a.process(n).heap.size(), b.process(n).heap.size());
    }
}

void add_random_events(EventBuilder& b, std::mt19937& random, int count) {
    std::vector<trace::ThreadIndex> threads;
    for (int i = 0; i < 4; ++i) threads.push_back(b.thread(100 + i));
    for (int i = 0; i < count; ++i) {
        const auto who = threads[random() % threads.size()];
        switch (random() % 8) {
            case 0:
                b.in(who, random() % 2);
                break;
            case 1:
                b.preempted(who, random() % 2);
                break;
            case 2:
                b.gives_up(who, random() % 2);
                break;
            case 3:
                b.enter(who, static_cast<std::uint8_t>(random() % 6 + 1), random() % 100 + 1);
                break;
            case 4:
                b.leave(who, static_cast<std::uint8_t>(random() % 6 + 1));
                break;
            case 5:
                b.end(who, CallId::kMalloc, 0x9000 + random() % 64 * 16, 16);
                break;
            case 6:
                b.woken(who, 100);
                break;
            default:
                b.write(who, 0x1000 + random() % 60 * 4, random());
                break;
        }
    }
}

TEST(Observatory, AJumpToAnyInstantIsTheSameAsFoldingFromTheStart) {
    std::mt19937 random(1);
    EventBuilder b;
    add_random_events(b, random, 3000);
    const auto log = b.view();
    ObservatoryOptions options;
    options.checkpoint_interval = 64;
    Observatory observatory(options);
    observatory.append(log, 0);
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t to = random() % (log.size() + 1);
        expect_same(observatory.at(to), EventBuilder::fold(log, to));
    }
    expect_same(observatory.live(), EventBuilder::fold(log));
}

TEST(Observatory, LateEventsAreFoldedAsIfTheyHadComeInTime) {
    std::mt19937 random(2);
    EventBuilder b;
    ObservatoryOptions options;
    options.checkpoint_interval = 64;
    Observatory observatory(options);
    std::int64_t time = 10'000'000;
    for (int batch = 0; batch < 30; ++batch) {
        // Every batch begins before the last one ended.
        b.at(time - 60'000'000 > 0 ? time - 60'000'000 + 7 : time);
        add_random_events(b, random, 100);
        time += 100'000'000;
        const std::uint64_t first = b.log().insert(std::move(b.pending()));
        b.pending().clear();
        observatory.append(b.log().view(), first);
        observatory.at(random() % (b.log().size() + 1));
    }
    const auto log = b.log().view();
    expect_same(observatory.live(), EventBuilder::fold(log));
    for (int i = 0; i < 50; ++i) {
        const std::uint64_t to = random() % (log.size() + 1);
        expect_same(observatory.at(to), EventBuilder::fold(log, to));
    }
    // The timeline is that of a run that was seen at once, too.
    Observatory at_once({});
    at_once.append(log, 0);
    ASSERT_EQ(observatory.timeline()->lanes().size(), at_once.timeline()->lanes().size());
    std::vector<Bar> left, right;
    std::vector<Tick> left_ticks, right_ticks;
    for (std::size_t lane = 0; lane < at_once.timeline()->lanes().size(); ++lane) {
        for (const int pixels : {50, 100000}) {
            observatory.timeline()->bars(lane, at_once.timeline()->start(), at_once.timeline()->end(), pixels, left);
            at_once.timeline()->bars(lane, at_once.timeline()->start(), at_once.timeline()->end(), pixels, right);
            ASSERT_EQ(left.size(), right.size());
            for (std::size_t i = 0; i < left.size(); ++i) {
                EXPECT_EQ(left[i].start, right[i].start);
                EXPECT_EQ(left[i].what, right[i].what);
                EXPECT_EQ(left[i].event, right[i].event);
                EXPECT_FLOAT_EQ(left[i].coverage, right[i].coverage);
            }
            observatory.timeline()->ticks(lane, at_once.timeline()->start(), at_once.timeline()->end(), pixels, left_ticks);
            at_once.timeline()->ticks(lane, at_once.timeline()->start(), at_once.timeline()->end(), pixels, right_ticks);
            ASSERT_EQ(left_ticks.size(), right_ticks.size());
        }
    }
}

TEST(Observatory, AnEmptyLogGivesAnEmptySnapshot) {
    Observatory observatory({});
    observatory.append(trace::EventLog().view(), 0);
    const auto snapshot = observatory.snapshot({});
    EXPECT_TRUE(snapshot->threads.empty());
    EXPECT_EQ(snapshot->playhead, 0U);
    EXPECT_EQ(observatory.next_step(0), 0U);
    EXPECT_EQ(observatory.previous_step(0), 0U);
}

TEST(Observatory, StepsStopAtTransitionsAndCallsAndPassByTheRest) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main)
        .write(main, 0x1000, 1)
        .write(main, 0x1000, 2)
        .begin(main, CallId::kMutexLock, 0x10)
        .end(main, CallId::kMalloc, 0x9000, 8)
        .gives_up(main);
    Observatory observatory({});
    observatory.append(b.view(), 0);
    EXPECT_EQ(observatory.next_step(0), 1U);
    EXPECT_EQ(observatory.next_step(1), 4U);  // without symbols no access is known to be the user's
    EXPECT_EQ(observatory.next_step(4), 6U);
    EXPECT_EQ(observatory.next_step(6), 6U);
    EXPECT_EQ(observatory.previous_step(6), 4U);
    EXPECT_EQ(observatory.previous_step(4), 1U);
    EXPECT_EQ(observatory.previous_step(1), 0U);
}

TEST(Observatory, ASnapshotTellsStatesTheTransitionAndTheSentence) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main).fork(worker, 100).in(worker, 1).begin(worker, CallId::kRead, 0, 3).gives_up(worker, 1);
    Observatory observatory({});
    observatory.append(b.view(), 0);
    const auto snapshot = observatory.snapshot({5, false, false, 1.0});
    ASSERT_EQ(snapshot->threads.size(), 2U);
    EXPECT_EQ(snapshot->threads[1].state, ThreadState::kWaiting);
    EXPECT_EQ(snapshot->threads[1].cause, Cause::kIo);
    EXPECT_EQ(snapshot->threads[1].waits_for, "read(fd 3)");
    EXPECT_TRUE(snapshot->threads[1].changed);
    ASSERT_TRUE(snapshot->transition);
    EXPECT_EQ(snapshot->transition->to, ThreadState::kWaiting);
    EXPECT_EQ(snapshot->transition->waits_for, "read(fd 3)");
    EXPECT_EQ(snapshot->sentence.key, "event.waits_io");
    EXPECT_EQ(snapshot->sentence.arguments.at("thread"), "T2");
    ASSERT_EQ(snapshot->cpus.size(), 2U);
    EXPECT_EQ(snapshot->cpus[0].running, 1);
    ASSERT_EQ(snapshot->processes.size(), 1U);
    EXPECT_EQ(snapshot->processes[0].pcb.front().key, "pcb.pid");
    EXPECT_EQ(snapshot->processes[0].pcb.front().value, "100");
}

TEST(Observatory, OutputIsWhatHadBeenWrittenByThen) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main)
        .blob(main, trace::Kind::kOutput, "one\n", 1)
        .blob(main, trace::Kind::kOutput, "oops\n", 2)
        .blob(main, trace::Kind::kOutput, "two\n", 1);
    Observatory observatory({});
    observatory.append(b.view(), 0);
    EXPECT_EQ(observatory.snapshot({3, false, false, 1})->output, "one\n");
    EXPECT_EQ(observatory.snapshot({3, false, false, 1})->errors, "oops\n");
    EXPECT_EQ(observatory.snapshot({4, false, false, 1})->output, "one\ntwo\n");
}

}  // namespace
}  // namespace heddle::model
