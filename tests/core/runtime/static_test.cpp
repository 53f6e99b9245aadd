// The initialization of a function's static variable, as it is recorded.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Statics : public Compilers {};
HEDDLE_BOTH_COMPILERS(Statics);

TEST_P(Statics, OneThreadInitializesAndTheOthersWaitForIt) {
    const Outcome outcome = run({program(GetParam(), "statics")});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
    EXPECT_NE(outcome.out.find("ok"), std::string::npos) << outcome.out;
    EXPECT_EQ(printed(outcome.out, "tried"), 2u);
    std::vector<std::pair<std::uint64_t, CallId>> ends;
    std::size_t first_comers = 0, passed = 0;
    for (const Tape& tape : outcome.tapes) {
        for (const Record& record : tape.of(Kind::kCallEnd)) {
            const auto call = static_cast<CallId>(record.detail());
            if (call == CallId::kGuardAcquire) ++(record.value == 1 ? first_comers : passed);
            if (call >= CallId::kGuardAcquire && call <= CallId::kGuardAbort) ends.emplace_back(record.tick, call);
        }
        EXPECT_TRUE(tape.calls(CallId::kFutexWait).empty()) << "of the waiting only the variable is to be seen";
    }
    std::sort(ends.begin(), ends.end());
    EXPECT_EQ(first_comers, 2u) << "the one that threw, and the next";
    EXPECT_GE(passed, 1u);
    ASSERT_GE(ends.size(), 4u);
    EXPECT_EQ(ends[0].second, CallId::kGuardAcquire);
    EXPECT_EQ(ends[1].second, CallId::kGuardAbort);
    EXPECT_EQ(ends[2].second, CallId::kGuardAcquire);
    EXPECT_EQ(ends[3].second, CallId::kGuardRelease);
}

TEST_P(Statics, AProgramWithoutHooksInitializesItsStaticVariablesTheSame) {
    const Outcome outcome = run({program(GetParam(), "statics", false)}, {.preload = true});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
    EXPECT_NE(outcome.out.find("ok"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace heddle::runtime_test
