// Programs that crash do so as they would without the library, and their last access is to be seen.
#include <signal.h>
#include <sys/wait.h>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Faults : public Compilers {};
HEDDLE_BOTH_COMPILERS(Faults);

TEST_P(Faults, EndIsTheSameAsWithoutAnArena) {
    for (const char* mode : {"write", "read", "abort", "raise", "overflow", "handler"}) {
        const std::vector<std::string> command = {program(GetParam(), "faults"), mode};
        const Outcome watched = run(command);
        const Outcome alone = run(command, {.with_arena = false});
        EXPECT_EQ(watched.wait_status, alone.wait_status) << mode;
        EXPECT_TRUE(WIFSIGNALED(watched.wait_status)) << mode;
        EXPECT_EQ(watched.out, alone.out) << mode;
    }
}

TEST_P(Faults, CrashingAccessStaysPendingAtTheHead) {
    const std::pair<const char*, Kind> cases[] = {{"write", Kind::kWrite}, {"read", Kind::kRead}};
    for (const auto& [mode, kind] : cases) {
        const Outcome outcome = run({program(GetParam(), "faults"), mode});
        ASSERT_EQ(WTERMSIG(outcome.wait_status), SIGSEGV);
        const Tape& main = outcome.first();
        ASSERT_TRUE(main.has_pending) << mode;
        EXPECT_EQ(main.pending.kind(), kind);
        EXPECT_EQ(main.pending.address, 0u);
    }
}

TEST_P(Faults, ProgramsOwnHandlerSeesItsFaultsAndItsDisposition) {
    const Outcome outcome = run({program(GetParam(), "faults"), "handler"});
    EXPECT_EQ(printed(outcome.out, "before"), 1u);
    EXPECT_EQ(printed(outcome.out, "same"), 1u);
    EXPECT_EQ(printed(outcome.out, "caught"), 6u);
    EXPECT_EQ(printed(outcome.out, "address"), 1u);
    EXPECT_EQ(outcome.all(Kind::kSignal).size(), 6u) << "the seventh is fatal and stays a pending access";
    EXPECT_TRUE(outcome.first().has_pending);
    for (const Record& record : outcome.all(Kind::kSignal)) EXPECT_EQ(record.detail(), SIGSEGV);
}

TEST_P(Faults, WriteToMemoryThatAnotherThreadUnmappedDoesNotCrash) {
    const Outcome outcome = run({program(GetParam(), "faults"), "stale"});
    EXPECT_TRUE(outcome.clean_exit());
    EXPECT_EQ(outcome.out, "survived\n");
}

TEST_P(Faults, ScribblingOverTheArenaHurtsNobody) {
    for (const char* mode : {"slots", "scribble"}) {
        const Outcome outcome = run({program(GetParam(), "threads"), mode});
        ASSERT_TRUE(WIFEXITED(outcome.wait_status)) << mode;
        EXPECT_EQ(WEXITSTATUS(outcome.wait_status), 3);
        EXPECT_EQ(outcome.out, "counter=4\n");
    }
}

}  // namespace
}  // namespace heddle::runtime_test
