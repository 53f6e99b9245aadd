#include "core/sched/schedule.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::sched {
namespace {

using trace::Block;
using trace::Operation;
using trace::OperationKind;
using trace::Step;

Step step(std::uint8_t thread, std::uint32_t tick, std::uint64_t enabled = 3, std::uint8_t choice = 0) {
    Step made{};
    made.operation.kind = OperationKind::kWrite;
    made.operation.tick = tick;
    made.thread = thread;
    made.enabled = enabled;
    made.choice = choice;
    return made;
}

TEST(Schedule, IsTheBlocksOfTheSteps) {
    const std::vector<Step> steps = {step(0, 1), step(0, 7), step(1, 2), step(0, 9, 3, 1), step(0, 10)};
    EXPECT_EQ(to_text(schedule_of(steps)), "h1:1.7,2.2,1.9!1,1.10");
}

TEST(ScheduleText, IsThatOfTheScheduleAtEveryStep) {
    const std::vector<Step> steps = {step(0, 1),  step(0, 7), step(1, 2),       step(0, 9, 3, 1),
                                     step(0, 10), step(1, 3), step(1, 4, 3, 2), step(1, 5)};
    ScheduleText text;
    for (std::size_t made = 1; made <= steps.size(); ++made) {
        text.add(steps[made - 1]);
        for (std::size_t up_to = 0; up_to <= made; ++up_to) {
            EXPECT_EQ(text.up_to(up_to), to_text(schedule_of(std::span(steps).first(up_to)))) << made;
        }
    }
    EXPECT_EQ(text.up_to(steps.size() + 1), to_text(schedule_of(steps)));
}

TEST(Schedule, ComesBackFromItsText) {
    for (const char* text : {"h1:", "h1:1.1", "h1:64.4294967295,1.0!3"}) {
        const auto parsed = parse_schedule(text);
        ASSERT_TRUE(parsed) << text << ": " << parsed.error().message();
        EXPECT_EQ(to_text(*parsed), text);
    }
}

TEST(Schedule, ABadTextIsRefusedAtItsPlace) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "character 1"},       {"h2:1.1", "character 1"},    {"h1:0.1", "from 1 to 64"},    {"h1:65.1", "from 1 to 64"},
        {"h1:1", "'.'"},           {"h1:1.", "number of hooks"}, {"h1:1.2,", "another block"},  {"h1:1.2;", "',' or the end"},
        {"h1:1.2!99", "up to 64"}, {"h1:x.2", "character 4"},    {"h1:1.99999999999", "hooks"},
    };
    for (const auto& [text, expected] : cases) {
        const auto parsed = parse_schedule(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message(), testing::HasSubstr(expected)) << text;
    }
}

TEST(Schedule, APreemptionTakesTheTurnFromAThreadThatCouldGoOn) {
    EXPECT_EQ(preemptions_of(std::vector<Step>{step(0, 1), step(1, 1, 3), step(0, 2, 3)}), 2);
    EXPECT_EQ(preemptions_of(std::vector<Step>{step(0, 1), step(1, 1, 2), step(0, 2, 1)}), 0)
        << "the other one could not go on";
}

TEST(OtherOrder, PutsTheSecondAccessFirst) {
    const auto step = [](std::uint8_t thread, std::uint32_t tick, trace::OperationKind kind) {
        trace::Step made{};
        made.thread = thread;
        made.operation.tick = tick;
        made.operation.kind = kind;
        return made;
    };
    using K = trace::OperationKind;
    // T1 creates T2 and T3; T2 reads and writes, T3 reads: T3's read comes before T2's write now.
    const std::vector<trace::Step> race = {step(0, 1, K::kCreate), step(0, 2, K::kCreate), step(1, 1, K::kRead),
                                           step(1, 2, K::kWrite),  step(1, 3, K::kRead),   step(2, 1, K::kRead)};
    EXPECT_EQ(to_text(other_order(race, 3, 5)), "h1:1.2,2.1,3.1,2.2");
    // An end that nobody joins in between is left out; what another thread needed is not.
    std::vector<trace::Step> ends = race;
    ends[4].operation.kind = K::kEnd;
    ends[4].operation.object = 1;
    EXPECT_EQ(to_text(other_order(ends, 3, 5)), "h1:1.2,2.1,3.1,2.2");
    std::vector<trace::Step> ordered = race;
    ordered[4].operation.kind = K::kUnlock;
    ordered[4].operation.object = 64;
    ordered.insert(ordered.begin() + 5, step(2, 1, K::kLock));
    ordered[5].operation.object = 64;
    EXPECT_TRUE(other_order(ordered, 3, 6).blocks.empty());
    EXPECT_TRUE(other_order(race, 5, 3).blocks.empty());
    EXPECT_TRUE(other_order(race, 0, 9).blocks.empty());
}

}  // namespace
}  // namespace heddle::sched
