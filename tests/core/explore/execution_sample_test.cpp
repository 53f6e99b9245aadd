#include "core/explore/execution_sample.h"

#include <gmock/gmock-more-matchers.h>

#include <memory>

#include "core/explore/local_search.h"
#include "tests/core/explore/toy_program.h"

namespace heddle::explore {
namespace {

struct Read {
    std::vector<std::string> executions;  // "0 0 1 1": who moved
    int begun = 0;
};

std::string threads_of(std::span<const Step> steps) {
    std::string text;
    for (const Step& step : steps) text += (text.empty() ? "" : " ") + std::to_string(step.thread);
    return text;
}

SampleReader::Sink into(Read& read) {
    return {[&read] { ++read.begun, read.executions.clear(); },
            [&read](std::span<const Step> steps, std::uint64_t, Ending) { read.executions.push_back(threads_of(steps)); }};
}

std::vector<Step> steps_of(std::initializer_list<int> threads) {
    std::vector<Step> steps;
    for (const int thread : threads) {
        Step step{};
        step.thread = static_cast<std::uint8_t>(thread);
        steps.push_back(step);
    }
    return steps;
}

Execution execution_of(const std::vector<Step>& steps) {
    Execution execution;
    execution.steps = steps;
    execution.ending = Ending::kFinished;
    return execution;
}

TEST(ExecutionSample, HandsOverEveryExecutionOfASmallSearch) {
    const ToyProgram::Thread thread = {ToyProgram::read(1), ToyProgram::write(1)};
    ToyProgram program({thread, thread});
    const auto sample = std::make_unique<trace::Sample>();
    LocalSearch search(program, {1000, false, sample.get()});
    SampleReader reader;
    Read read;
    for (SearchStop stop; stop.why != SearchStop::Why::kExhausted;) {
        stop = search.go_on(100, [](const LocalSearch&) { return false; });
        reader.read(*sample, into(read));
    }
    EXPECT_EQ(read.executions.size(), 4U);
    EXPECT_THAT(read.executions, testing::Contains("0 0 1 1"));
    EXPECT_FALSE(reader.closed());
}

TEST(ExecutionSample, KeepsOnlyWhatDiffersFromTheExecutionBefore) {
    const auto sample = std::make_unique<trace::Sample>();
    ExecutionSample writer(*sample);
    const auto first = steps_of({0, 0, 1, 1}), second = steps_of({0, 0, 1, 0});
    writer.take(execution_of(first), 7);
    writer.take(execution_of(second), 8);
    EXPECT_EQ(sample->steps, 5U);
    Read read;
    SampleReader reader;
    EXPECT_TRUE(reader.read(*sample, into(read)));
    EXPECT_THAT(read.executions, testing::ElementsAre("0 0 1 1", "0 0 1 0"));
    EXPECT_FALSE(reader.read(*sample, into(read))) << "nothing is new";
}

TEST(ExecutionSample, WhatIsVoidIsReadAnew) {
    const auto sample = std::make_unique<trace::Sample>();
    ExecutionSample writer(*sample);
    const auto first = steps_of({0, 1}), second = steps_of({1, 0});
    Read read;
    SampleReader reader;
    writer.take(execution_of(first), 1);
    reader.read(*sample, into(read));
    writer.begin();
    writer.take(execution_of(second), 1);
    reader.read(*sample, into(read));
    EXPECT_EQ(read.begun, 2);
    EXPECT_THAT(read.executions, testing::ElementsAre("1 0"));
}

TEST(ExecutionSample, ClosesWhenItIsFull) {
    const auto sample = std::make_unique<trace::Sample>();
    ExecutionSample writer(*sample);
    const auto one = steps_of({0, 1});
    for (std::uint32_t i = 0; i < trace::Sample::kMostExecutions + 5; ++i) writer.take(execution_of(one), 1);
    Read read;
    SampleReader reader;
    reader.read(*sample, into(read));
    EXPECT_EQ(read.executions.size(), trace::Sample::kMostExecutions);
    EXPECT_TRUE(reader.closed());
}

TEST(ExecutionSample, NumbersThatMakeNoSenseEndTheReading) {
    const auto sample = std::make_unique<trace::Sample>();
    sample->generation = 1;
    sample->executions = UINT32_MAX;
    sample->execution[0] = {1, 5, 1, Ending::kFinished};  // shares five steps with nothing
    Read read;
    SampleReader reader;
    reader.read(*sample, into(read));
    EXPECT_TRUE(read.executions.empty());
    sample->generation = 2;
    sample->execution[0] = {1, 0, UINT32_MAX, Ending::kFinished};  // more steps than there is room for
    reader.read(*sample, into(read));
    EXPECT_TRUE(read.executions.empty());
    EXPECT_TRUE(reader.closed());
}

}  // namespace
}  // namespace heddle::explore
