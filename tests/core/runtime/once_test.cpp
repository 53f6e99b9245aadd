// What is done once: that its routine runs, and how it is left, as it is recorded.
#include <gmock/gmock.h>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Onces : public Compilers {};
HEDDLE_BOTH_COMPILERS(Onces);

// What is recorded of a word, thread by thread.
std::vector<CallId> ends_of(const Outcome& outcome, const std::string& name) {
    std::vector<CallId> ends;
    for (const Tape& tape : outcome.tapes) {
        for (const Record& record : tape.of(Kind::kCallEnd)) {
            if (record.address == printed(outcome.out, name)) ends.push_back(static_cast<CallId>(record.detail()));
        }
    }
    return ends;
}

TEST_P(Onces, SayWhenTheirRoutineRunsAndWhenItIsLeft) {
    using testing::ElementsAre;
    using testing::UnorderedElementsAre;
    const Outcome outcome = run({program(GetParam(), "onces")});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
    EXPECT_EQ(printed(outcome.out, "tried"), 1112u);
    EXPECT_THAT(ends_of(outcome, "thrown"),
                ElementsAre(CallId::kOnceRuns, CallId::kOnceLeft, CallId::kOnceRuns, CallId::kOnce, CallId::kOnce));
    EXPECT_THAT(ends_of(outcome, "jumped"),
                ElementsAre(CallId::kOnceRuns, CallId::kOnceLeft, CallId::kOnceRuns, CallId::kOnce));
    EXPECT_THAT(ends_of(outcome, "ended"),
                UnorderedElementsAre(CallId::kOnceRuns, CallId::kOnceLeft, CallId::kOnceRuns, CallId::kOnce));
}

TEST_P(Onces, RunInAProgramWithoutHooksAsTheyDo) {
    const Outcome outcome = run({program(GetParam(), "onces", false)}, {.preload = true});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
    EXPECT_EQ(printed(outcome.out, "tried"), 1112u);
}

}  // namespace
}  // namespace heddle::runtime_test
