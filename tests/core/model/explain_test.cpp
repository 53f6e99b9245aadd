#include "core/model/explain.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include "core/model/naming.h"
#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

using testing::EventBuilder;
using trace::CallId;
using trace::Kind;

Sentence last_sentence(EventBuilder& b) {
    const auto log = b.view();
    const Programs programs(nullptr, nullptr);
    return explain(log, log.size() - 1, EventBuilder::fold(log, log.size() - 1), EventBuilder::fold(log), programs);
}

TEST(LostUpdate, IsAWriteComputedFromAReadOlderThanAnothersWrite) {
    EventBuilder b;
    const auto one = b.thread(100), two = b.thread(101);
    b.read(one, 0x10, 0).read(two, 0x10, 0).write(one, 0x10, 1).write(two, 0x10, 1);
    EXPECT_EQ(lost_update(b.view(), 3), 2U);
    const Sentence sentence = last_sentence(b);
    EXPECT_EQ(sentence.key, "event.write_lost");
    EXPECT_EQ(sentence.arguments, (std::map<std::string, std::string>{
                                      {"thread", "T2"}, {"name", "0x10"}, {"value", "1"}, {"other", "T1"}, {"lost", "1"}}));
}

TEST(LostUpdate, IsNoneWhenTheReadIsNewerOrThereWasNoRead) {
    EventBuilder b;
    const auto one = b.thread(100), two = b.thread(101);
    b.read(one, 0x10, 0).write(one, 0x10, 1).read(two, 0x10, 1).write(two, 0x10, 2);
    EXPECT_EQ(lost_update(b.view(), 3), std::nullopt);
    b.write(one, 0x10, 5).write(two, 0x10, 6);  // both write blindly
    EXPECT_EQ(lost_update(b.view(), 5), std::nullopt);
    EXPECT_EQ(last_sentence(b).key, "event.write");
}

TEST(LostUpdate, IsNoneBetweenProcesses) {
    EventBuilder b;
    const auto one = b.thread(100), two = b.thread(200, 200);
    b.read(one, 0x10, 0).read(two, 0x10, 0).write(one, 0x10, 1).write(two, 0x10, 1);
    EXPECT_EQ(lost_update(b.view(), 3), std::nullopt);
}

TEST(WithoutInternals, LeavesWhatThePersonNamed) {
    EXPECT_EQ(without_internals("account.mutex._M_mutex.__data"), "account.mutex");
    EXPECT_EQ(without_internals("counter"), "counter");
    EXPECT_EQ(without_internals("std::__detail::__waiter_pool_base::_S_for(void const*)::__w[3]._M_wait"), "libstdc++");
}

TEST(OnOneLine, ShowsWhatAProgramWroteWithoutBreakingTheLineOrACharacter) {
    EXPECT_EQ(on_one_line("counter = 2\n", 80), "counter = 2");
    EXPECT_EQ(on_one_line("\n000\n111\n\n", 80), "\\n000\\n111");
    EXPECT_EQ(on_one_line("\n", 80), "\\n");
    EXPECT_EQ(on_one_line("", 80), "");
    EXPECT_EQ(on_one_line("abcdef", 4), "abcd…");
    EXPECT_EQ(on_one_line("가나다", 6), "가나…");
    EXPECT_EQ(on_one_line("가나다", 7), "가나…");
    EXPECT_EQ(on_one_line("가나다", 9), "가나다");
}

TEST(Explain, ShowsSignedValuesOfTheAccessedSize) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.write(main, 0x10, 0xffffffff);
    EXPECT_EQ(last_sentence(b).arguments.at("value"), "-1");
}

TEST(Explain, AReadModifyWriteSaysWhatItFound) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.add(main, Kind::kAtomicUpdate, 2 | 5 << 4 | trace::kOtherKnown, 0x10, 4, 0, 3);
    const Sentence update = last_sentence(b);
    EXPECT_EQ(update.key, "event.atomic_update_from");
    EXPECT_EQ(update.arguments.at("old"), "3");
    EXPECT_EQ(update.arguments.at("value"), "4");
    b.add(main, Kind::kAtomicCompareFailed, 2 | 5 << 4 | trace::kOtherKnown, 0x10, 4, 0, 0xffffffff);
    const Sentence failed = last_sentence(b);
    EXPECT_EQ(failed.key, "event.compare_failed_from");
    EXPECT_EQ(failed.arguments.at("old"), "-1");
    b.add(main, Kind::kAtomicUpdate, 2 | 5 << 4, 0x10, 4);
    EXPECT_EQ(last_sentence(b).key, "event.atomic_update") << "in a recording of before";
}

TEST(Explain, APreemptionSaysForHowLongTheThreadRan) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main, 2).at(4'200'000).preempted(main, 2);
    const Sentence sentence = last_sentence(b);
    EXPECT_EQ(sentence.key, "event.preempted");
    EXPECT_EQ(sentence.arguments.at("duration"), "3.2 ms");
    EXPECT_EQ(sentence.arguments.at("cpu"), "2");
    EXPECT_EQ(sentence.thread, 1);
}

TEST(Explain, AWaitForAHeldLockNamesItsHolder) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main).in(worker, 1).end(main, CallId::kMutexLock, 0x10).begin(worker, CallId::kMutexLock, 0x10);
    EXPECT_EQ(last_sentence(b).key, "event.lock_asks_held");
    b.gives_up(worker, 1);
    const Sentence sentence = last_sentence(b);
    EXPECT_EQ(sentence.key, "event.waits_lock_held");
    EXPECT_EQ(sentence.arguments.at("owner"), "T1");
    b.in(worker, 0);
    EXPECT_EQ(last_sentence(b).key, "event.migrated");
}

TEST(Explain, AFailedCallNamesItsError) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.end(main, CallId::kOpen, 0, -2);
    EXPECT_EQ(last_sentence(b).key, "event.call_failed");
    EXPECT_EQ(last_sentence(b).arguments.at("error"), "ENOENT");
    b.end(main, CallId::kRead, 0, -4);
    EXPECT_EQ(last_sentence(b).key, "event.call_interrupted");
}

TEST(Explain, EveryKindOfEventHasASentence) {
    for (int kind = 1; kind <= 75; ++kind) {
        if (kind > static_cast<int>(Kind::kLastHookKind) && kind < static_cast<int>(Kind::kFirstKernelKind)) continue;
        EventBuilder b;
        const auto main = b.thread(100);
        b.in(main).add(main, static_cast<Kind>(kind), 1, 0x1000, 1);
        EXPECT_FALSE(last_sentence(b).key.empty()) << kind;
    }
}

TEST(Explain, EveryCallHasASentenceForItsBeginEndAndFailure) {
    for (int call = 1; call < static_cast<int>(CallId::kCount); ++call) {
        EventBuilder b;
        const auto main = b.thread(100);
        b.in(main).begin(main, static_cast<CallId>(call), 0x1000, 1);
        EXPECT_TRUE(last_sentence(b).key.starts_with("event.")) << call;
        b.end(main, static_cast<CallId>(call), 0x1000, 5);
        EXPECT_TRUE(last_sentence(b).key.starts_with("event.")) << call;
        b.end(main, static_cast<CallId>(call), 0x1000, -11);
        EXPECT_TRUE(last_sentence(b).key.starts_with("event.")) << call;
    }
}

TEST(Names, EndWhereTheLibrarysInsidesBegin) {
    EXPECT_EQ(without_internals("m._M_mutex.__data.__lock"), "m");
    EXPECT_EQ(without_internals("account.balance"), "account.balance");
    EXPECT_EQ(without_internals("hits._M_i"), "hits");
}

TEST(Names, DurationsHaveAFittingUnit) {
    EXPECT_EQ(duration_text(Nanoseconds(950)), "950 ns");
    EXPECT_EQ(duration_text(Nanoseconds(1500)), "1.5 µs");
    EXPECT_EQ(duration_text(Nanoseconds(118000)), "118 µs");
    EXPECT_EQ(duration_text(Nanoseconds(2'500'000'000)), "2.50 s");
}

}  // namespace
}  // namespace heddle::model
