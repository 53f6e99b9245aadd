#include "core/sched/schedule.h"

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace heddle::sched
