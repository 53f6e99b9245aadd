#include "app/shell/modes.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::shell {
namespace {

catalog::Scenario scenario() {
    catalog::Scenario made;
    made.id = "races/lost-update";
    made.parameters = {{"threads", {}, 2, 8, 2}, {"increments", {}, 1, 1'000'000, 50'000}};
    made.explore.parameters = {{"increments", 1}};
    return made;
}

model::RunInfo run(const std::string& mode, std::int64_t threads, std::int64_t increments) {
    model::RunInfo info;
    info.scenario = "races/lost-update", info.variant = "mutex", info.mode = mode;
    info.parameters = {{"threads", threads}, {"increments", increments}};
    return info;
}

TEST(Modes, KeepWhatThePersonSetAndTakeTheOthersOfTheMode) {
    struct Case {
        model::RunInfo from;
        model::Mode to;
        std::int64_t threads, increments;
    };
    const Case cases[] = {
        {run("run", 2, 50'000), model::Mode::kExplore, 2, 1}, {run("run", 3, 50'000), model::Mode::kExplore, 3, 1},
        {run("run", 2, 4), model::Mode::kExplore, 2, 4},      {run("explore", 2, 1), model::Mode::kRun, 2, 50'000},
        {run("explore", 3, 2), model::Mode::kRun, 3, 2},      {run("explore", 3, 1), model::Mode::kStep, 3, 1},
    };
    for (const Case& each : cases) {
        const OpenScenario open = in_mode(scenario(), each.from, each.to);
        EXPECT_EQ(open.parameters.at("threads"), each.threads);
        EXPECT_EQ(open.parameters.at("increments"), each.increments);
        EXPECT_EQ(open.variant, "mutex");
        EXPECT_EQ(open.mode, each.to);
    }
}

TEST(Modes, AScheduleIsSteppedThroughWithTheVeryParametersItWasFoundWith) {
    Commands commands;
    step_through(run("explore", 3, 1), "h1:1.2,2.4", commands);
    ASSERT_EQ(commands.app.size(), 1U);
    const auto& open = std::get<OpenScenario>(commands.app.front());
    EXPECT_EQ(open.mode, model::Mode::kStep);
    EXPECT_EQ(open.schedule, "h1:1.2,2.4");
    EXPECT_EQ(open.parameters.at("increments"), 1);
    step_through(run("explore", 3, 1), "", commands);
    EXPECT_EQ(commands.app.size(), 1U) << "there is nothing to step through";
}

TEST(Modes, AnotherVariantStaysInExplore) {
    EXPECT_EQ(in_same_mode(run("explore", 2, 1), "atomic", {}).mode, model::Mode::kExplore);
    EXPECT_EQ(in_same_mode(run("run", 2, 1), "atomic", {}).mode, model::Mode::kRun);
}

}  // namespace
}  // namespace heddle::shell
