// What the access, atomic and function hooks record, on real programs built by both compilers.
#include <gtest/gtest.h>

#include "tests/core/runtime/lab.h"

namespace heddle::runtime_test {
namespace {

class Compilers : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Hooked, Compilers, ::testing::Values("g++", "clang++"),
                         [](const auto& with) { return std::string(with.param) == "g++" ? "gcc" : "clang"; });

struct Step {
    Kind kind;
    std::uint64_t value;
    bool operator==(const Step&) const = default;
};

std::vector<Step> steps_on(const Tape& tape, std::uint64_t address) {
    std::vector<Step> steps;
    for (const Record& record : tape.records) {
        if (record.address == address && (record.kind() == Kind::kRead || record.kind() == Kind::kWrite)) {
            steps.push_back({record.kind(), record.value});
        }
    }
    return steps;
}

TEST_P(Compilers, IncrementIsAReadThenAWriteWithTheValuesSeen) {
    const Outcome outcome = run({program(GetParam(), "counter")});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
    const std::uint64_t counter = printed(outcome.out, "counter");
    const std::vector<Step> expected = {
        {Kind::kRead, 5}, {Kind::kWrite, 6}, {Kind::kRead, 6}, {Kind::kWrite, 7}, {Kind::kRead, 13}};
    EXPECT_EQ(steps_on(outcome.first(), counter), expected);
    EXPECT_EQ(printed(outcome.out, "value"), 13u);
    EXPECT_EQ(outcome.dropped(), 0u);
    for (const Tape& tape : outcome.tapes) {
        for (std::size_t i = 1; i < tape.records.size(); ++i) {
            if (tape.records[i].kind() == Kind::kPayload || tape.records[i - 1].kind() == Kind::kPayload) continue;
            EXPECT_LE(tape.records[i - 1].tick, tape.records[i].tick);
        }
    }
}

TEST_P(Compilers, ThreadsNameTheirCreatorAndTheCreatorNamesThem) {
    const Outcome outcome = run({program(GetParam(), "counter")});
    const Tape& main = outcome.first();
    const auto created = main.calls(CallId::kThreadCreate);
    ASSERT_EQ(created.size(), 2u);
    ASSERT_EQ(outcome.tapes.size(), 3u);
    for (int i = 0; i < 2; ++i) {
        const Tape& worker = outcome.tapes[static_cast<std::size_t>(i) + 1];
        EXPECT_EQ(static_cast<std::int32_t>(created[static_cast<std::size_t>(i)].value), worker.tid);
        const auto start = worker.of(Kind::kThreadStart);
        ASSERT_EQ(start.size(), 1u);
        EXPECT_EQ(static_cast<std::int32_t>(start[0].value), main.tid);
        EXPECT_EQ(start[0].address, created[static_cast<std::size_t>(i)].address);
        EXPECT_EQ(worker.of(Kind::kThreadEnd).size(), 1u);
        EXPECT_EQ(worker.state, trace::SlotState::kEnded);
        EXPECT_EQ(worker.calls(CallId::kMutexLock).size(), 1u);
        EXPECT_EQ(worker.calls(CallId::kMutexLock)[0].address, printed(outcome.out, "lock"));
    }
    EXPECT_EQ(main.calls(CallId::kThreadJoin).size(), 2u);
    ASSERT_EQ(main.of(Kind::kProcessEnd).size(), 1u);
    EXPECT_EQ(main.calls(CallId::kDelete).back().address, printed(outcome.out, "block"));
}

}  // namespace
}  // namespace heddle::runtime_test
