// Every sentence that an event can be told in is there in both languages, with the arguments it names.
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <set>

#include "app/i18n.h"
#include "core/base/data_folder.h"
#include "core/model/explain.h"
#include "core/trace/board.h"
#include "tests/core/model/event_builder.h"

namespace heddle {
namespace {

using model::testing::EventBuilder;
using trace::CallId;
using trace::Kind;

constexpr std::uint64_t kObject = 0x1000;

// What may have happened to an object before a call is made on it.
using History = std::function<void(EventBuilder&, trace::ThreadIndex, trace::ThreadIndex)>;
const History kHistories[] = {
    [](EventBuilder&, auto, auto) {},
    [](EventBuilder& b, auto one, auto) { b.end(one, CallId::kMutexLock, kObject); },
    [](EventBuilder& b, auto one, auto) { b.end(one, CallId::kRwlockReadLock, kObject); },
    [](EventBuilder& b, auto one, auto) { b.begin(one, CallId::kCondWait, kObject, 0x2000); },
    [](EventBuilder& b, auto one, auto two) {
        b.begin(one, CallId::kCondWait, kObject, 0x2000).begin(two, CallId::kCondWait, kObject, 0x2000);
    },
    [](EventBuilder& b, auto one, auto) { b.begin(one, CallId::kSemInit, kObject, 1).end(one, CallId::kSemInit, kObject); },
    [](EventBuilder& b, auto one, auto) {
        b.begin(one, CallId::kBarrierInit, kObject, 2)
            .end(one, CallId::kBarrierInit, kObject)
            .begin(one, CallId::kBarrierWait, kObject);
    },
    [](EventBuilder& b, auto one, auto) {
        b.begin(one, CallId::kBarrierInit, kObject, 3).end(one, CallId::kBarrierInit, kObject);
    },
    [](EventBuilder& b, auto one, auto) { b.begin(one, CallId::kOnce, kObject); },
    [](EventBuilder& b, auto one, auto) { b.begin(one, CallId::kOnce, kObject).end(one, CallId::kOnce, kObject); },
    [](EventBuilder& b, auto one, auto) { b.add(one, Kind::kThreadStart, 0, kObject, 0); },
};

class EventTexts : public testing::Test {
protected:
    void expect_told(EventBuilder& b, const std::string& what) {
        const auto log = b.view();
        const model::Programs programs(nullptr, nullptr);
        const model::Sentence sentence =
            model::explain(log, log.size() - 1, EventBuilder::fold(log, log.size() - 1), EventBuilder::fold(log), programs);
        ASSERT_FALSE(sentence.empty()) << what;
        for (const Language language : {Language::kEnglish, Language::kKorean}) {
            const std::string* text = texts_.raw(language, sentence.key);
            ASSERT_NE(text, nullptr) << sentence.key << " of " << what;
            for (const std::string& name : placeholder_names(*text))
                EXPECT_TRUE(sentence.arguments.contains(name)) << name << " in " << sentence.key << " of " << what;
        }
        told_.insert(sentence.key);
    }
    Texts texts_ = Texts::load(*find_data("assets") + "/i18n").value();
    std::set<std::string> told_;
};

TEST_F(EventTexts, OfEveryCallAtItsBeginAtItsEndAndOnFailure) {
    for (int number = 1; number < static_cast<int>(CallId::kCount); ++number) {
        const auto call = static_cast<CallId>(number);
        const std::string name(trace::call_name(call));
        for (const History& history : kHistories) {
            EventBuilder b;
            const auto one = b.thread(100), two = b.thread(101), three = b.thread(102);
            b.in(one).in(two, 1).in(three, 2);
            history(b, one, two);
            b.begin(three, call, kObject, 1);
            expect_told(b, name + ", begin");
            b.gives_up(three, 2);
            expect_told(b, name + ", waits");
            b.in(three, 2).end(three, call, kObject, 5);
            expect_told(b, name + ", end");
            for (const int error : {EAGAIN, ETIMEDOUT, EBUSY}) {
                b.end(three, call, kObject, -error);
                expect_told(b, name + ", failed");
            }
        }
    }
    for (const char* key :
         {"event.condition_signal_begins", "event.condition_signal_begins_one", "event.condition_signal_begins_many",
          "event.lock_asks_held", "event.read_lock_gets", "event.semaphore_gets_counted", "event.barrier_complete",
          "event.barrier_arrives_counted", "event.once_waits_held", "event.once_done", "event.once_was_done",
          "event.waits_lock_held", "event.futex_changed", "event.waited_long_enough", "event.joins"})
        EXPECT_TRUE(told_.contains(key)) << key << " is never told";
}

TEST_F(EventTexts, OfEveryOtherKindOfEvent) {
    for (int kind = 1; kind <= static_cast<int>(Kind::kNote); ++kind) {
        if (kind == static_cast<int>(Kind::kPayload)) continue;
        if (kind > static_cast<int>(Kind::kLastHookKind) && kind < static_cast<int>(Kind::kFirstKernelKind)) continue;
        for (const std::uint8_t detail : {0, 1, 2}) {
            EventBuilder b;
            const auto main = b.thread(100);
            b.in(main).add(main, static_cast<Kind>(kind), detail, 0x1000, 1);
            expect_told(b, "kind " + std::to_string(kind));
        }
    }
}

// What a thread that stands at the gate may be about to do, and how a run whose threads take turns may end.
TEST(StepTexts, AreThereForEveryOperationAndEnding) {
    const Texts texts = Texts::load(*find_data("assets") + "/i18n").value();
    std::size_t named = 0;
    const auto expect_text = [&](const std::string& key) {
        for (const Language language : {Language::kEnglish, Language::kKorean})
            EXPECT_NE(texts.raw(language, key), nullptr) << key;
    };
    for (int kind = 1; kind <= static_cast<int>(trace::OperationKind::kPause); ++kind) {
        const auto operation = static_cast<trace::OperationKind>(kind);
        const std::string name(trace::operation_name(operation));
        if (name.empty()) continue;
        ++named;
        const bool in_step_only = operation == trace::OperationKind::kOutside || operation == trace::OperationKind::kReturn ||
                                  operation == trace::OperationKind::kSleep;
        if (!in_step_only) expect_text("explore.step." + name);
        if (operation == trace::OperationKind::kReceive || operation == trace::OperationKind::kSend) {
            for (const char* through : {"pipe", "socket", "descriptor"}) expect_text("pending." + name + "_" + through);
        } else {
            expect_text("pending." + name);
        }
    }
    EXPECT_EQ(named, 42u);
    expect_text("pending.wait_child_any");
    expect_text("explore.step.wait_child_any");
    for (int ending = 1; ending <= static_cast<int>(trace::Ending::kTooManyThreads); ++ending) {
        if (static_cast<trace::Ending>(ending) == trace::Ending::kRedundant) continue;  // of a search only
        expect_text("step.over_" + std::string(trace::ending_name(static_cast<trace::Ending>(ending))));
    }
}

}  // namespace
}  // namespace heddle
