#include "core/session/saved_steps.h"

#include <gtest/gtest.h>

namespace heddle::session {
namespace {

using trace::OperationKind;

StepRecord two_steps() {
    StepRecord record;
    for (std::uint8_t thread : {0, 1}) {
        sched::MadeStep made{};
        made.step.thread = thread;
        made.step.enabled = 3;
        made.step.operation.kind = thread == 0 ? OperationKind::kSignal : OperationKind::kLock;
        made.step.operation.tick = 5;
        made.step.operation.object = 0x1000;
        made.step.choice = thread == 0 ? 1 : 0;
        made.step.choices = 2;
        made.step.callers.sites[0] = 0x4000;
        record.steps.push_back(made);
        record.times.emplace_back(100 + thread);
    }
    record.tids = {4711, 4712};
    record.standing.alive = 2;
    record.standing.pending[1].kind = OperationKind::kWrite;
    record.standing.pending[1].object = 0x2000;
    record.ended = sched::Ended{trace::Ending::kDeadlock, 0, 0, 0, 1, "why"};
    return record;
}

TEST(SavedSteps, ComeBackFromTheirBytes) {
    const StepRecord kept = two_steps();
    const auto record = from_bytes(to_bytes(kept));
    ASSERT_TRUE(record) << record.error().message();
    ASSERT_EQ(record->steps.size(), 2u);
    EXPECT_EQ(record->steps[0].step.operation.kind, OperationKind::kSignal);
    EXPECT_EQ(record->steps[0].step.choice, 1);
    EXPECT_EQ(record->steps[1].step.callers.sites[0], 0x4000u);
    EXPECT_EQ(record->times, kept.times);
    EXPECT_EQ(record->tids, kept.tids);
    EXPECT_EQ(record->standing.alive, 2u);
    EXPECT_EQ(record->standing.pending[1].object, 0x2000u);
    ASSERT_TRUE(record->ended);
    EXPECT_EQ(record->ended->how, trace::Ending::kDeadlock);
    EXPECT_EQ(record->ended->text, "why");
    EXPECT_EQ(to_bytes(*record), to_bytes(kept));
}

TEST(SavedSteps, ThatAreCutShortOrDamagedAreRefused) {
    const std::string bytes = to_bytes(two_steps());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto record = from_bytes(std::string_view(bytes).substr(0, length));
        ASSERT_FALSE(record) << length;
        EXPECT_NE(record.error().message().find("damaged"), std::string::npos) << length;
    }
    EXPECT_FALSE(from_bytes(bytes + '\0'));
    StepRecord wrong = two_steps();
    wrong.steps[1].step.thread = 200;
    EXPECT_FALSE(from_bytes(to_bytes(wrong))) << "there is no such thread";
    wrong = two_steps();
    wrong.times[1] = Nanoseconds(1);
    EXPECT_FALSE(from_bytes(to_bytes(wrong))) << "time goes backwards";
    wrong = two_steps();
    wrong.steps[0].step.operation.kind = static_cast<OperationKind>(200);
    EXPECT_FALSE(from_bytes(to_bytes(wrong))) << "there is no such operation";
    std::string other = bytes;
    other[other.find("h1:1.5!1") + 3] = '2';
    EXPECT_FALSE(from_bytes(other)) << "the schedule is another one";
}

TEST(SavedSteps, OfANewerHeddleSaySo) {
    std::string bytes = to_bytes(two_steps());
    bytes[0] = 9;
    const auto record = from_bytes(bytes);
    ASSERT_FALSE(record);
    EXPECT_NE(record.error().message().find("newer Heddle"), std::string::npos) << record.error().message();
}

}  // namespace
}  // namespace heddle::session
