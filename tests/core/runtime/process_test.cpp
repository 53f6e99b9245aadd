// fork, exec, vfork and spawn: whose slot, which start, what the pages say, what the limit does.
#include <sys/wait.h>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

using trace::StartKind;

class Processes : public Compilers {};
HEDDLE_BOTH_COMPILERS(Processes);

std::vector<std::uint64_t> page_bits_of(const Tape& tape, std::uint64_t page) {
    std::vector<std::uint64_t> bits;
    for (const Record& record : tape.of(Kind::kPageState)) {
        if (record.address == page) bits.push_back(record.value);
    }
    return bits;
}

bool exclusive(std::uint64_t bits) {
    return (bits & trace::page_bits::kExclusive) != 0;
}

TEST_P(Processes, ForkedChildRecordsInItsOwnSlotAndNotInItsParents) {
    const Outcome outcome = run({program(GetParam(), "forking")});
    ASSERT_TRUE(outcome.clean_exit());
    EXPECT_EQ(printed(outcome.out, "status"), 5u);
    ASSERT_EQ(outcome.tapes.size(), 2u);
    const Tape& parent = outcome.first();
    const auto child_pid = static_cast<std::int32_t>(printed(outcome.out, "child"));
    ASSERT_EQ(outcome.of_pid(child_pid).size(), 1u);
    const Tape& child = *outcome.of_pid(child_pid)[0];
    const auto start = child.of(Kind::kProcessStart);
    ASSERT_EQ(start.size(), 1u);
    EXPECT_EQ(start[0].detail(), static_cast<std::uint8_t>(StartKind::kForked));
    EXPECT_EQ(static_cast<std::int32_t>(start[0].value), parent.pid);
    EXPECT_EQ(static_cast<std::int32_t>(parent.calls(CallId::kFork)[0].value), child_pid);
    EXPECT_EQ(child.of(Kind::kProcessEnd)[0].value, 5u);
    EXPECT_EQ(parent.of(Kind::kProcessEnd)[0].value, 0u);
    EXPECT_EQ(outcome.live_processes, 0);
    // The child's write is the child's alone.
    const std::uint64_t value = printed(outcome.out, "value");
    for (const Record& record : parent.of(Kind::kWrite)) {
        if (record.address == value) {
            EXPECT_EQ(record.value, 2u);
        }
    }
}

TEST_P(Processes, WriteAfterForkCopiesThePage) {
    const Outcome outcome = run({program(GetParam(), "forking")});
    const std::uint64_t page = printed(outcome.out, "page");
    const auto parent = page_bits_of(outcome.first(), page);
    const auto child = page_bits_of(*outcome.of_pid(static_cast<std::int32_t>(printed(outcome.out, "child")))[0], page);
    ASSERT_GE(parent.size(), 3u);
    EXPECT_TRUE(exclusive(parent.front()));
    EXPECT_FALSE(exclusive(parent[1]));
    EXPECT_TRUE(exclusive(parent.back()));
    ASSERT_GE(child.size(), 2u);
    EXPECT_FALSE(exclusive(child.front()));
    EXPECT_TRUE(exclusive(child.back()));
}

TEST_P(Processes, ExecStartsAnewInTheSameProcess) {
    const Outcome outcome = run({program(GetParam(), "forking"), "exec"});
    EXPECT_EQ(WEXITSTATUS(outcome.wait_status), 7);
    ASSERT_EQ(outcome.tapes.size(), 2u);
    EXPECT_EQ(outcome.tapes[0].pid, outcome.tapes[1].pid);
    EXPECT_EQ(outcome.tapes[0].calls(CallId::kExec, Kind::kCallBegin).size(), 1u);
    EXPECT_EQ(outcome.tapes[0].state, trace::SlotState::kEnded);
    EXPECT_EQ(outcome.tapes[1].records[0].detail(), static_cast<std::uint8_t>(StartKind::kExecuted));
    EXPECT_EQ(outcome.live_processes, 0);
}

TEST_P(Processes, VforkChildLeavesItsParentWhole) {
    const Outcome outcome = run({program(GetParam(), "forking"), "vfork"});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
    EXPECT_EQ(printed(outcome.out, "status"), 7u);
    EXPECT_EQ(printed(outcome.out, "value"), 3u) << "a vfork shares memory";
    const Tape& parent = outcome.first();
    EXPECT_EQ(parent.calls(CallId::kVfork).size(), 1u);
    EXPECT_EQ(parent.calls(CallId::kExec, Kind::kCallBegin).size(), 0u);
    EXPECT_EQ(parent.calls(CallId::kWait).size(), 1u);
    ASSERT_EQ(outcome.tapes.size(), 2u);
    EXPECT_EQ(static_cast<std::int32_t>(parent.calls(CallId::kVfork)[0].value), outcome.tapes[1].pid);
}

TEST_P(Processes, SpawnedImageFindsTheArena) {
    const Outcome outcome = run({program(GetParam(), "forking"), "spawn"});
    EXPECT_EQ(printed(outcome.out, "status"), 7u);
    ASSERT_EQ(outcome.tapes.size(), 2u);
    EXPECT_EQ(static_cast<std::int32_t>(outcome.first().calls(CallId::kSpawn)[0].value), outcome.tapes[1].pid);
}

TEST(ProcessLimit, ForkFailsWithEagainBeyondIt) {
    const std::vector<std::string> own_group = {"setsid", "-w", program("g++", "forking"), "many"};
    const Outcome outcome = run(own_group, {.process_limit = 4});
    EXPECT_EQ(printed(outcome.out, "made"), 3u) << outcome.out << outcome.err;
    EXPECT_EQ(printed(outcome.out, "errno"), static_cast<std::uint64_t>(EAGAIN));
    EXPECT_GE(printed(outcome.out, "microseconds"), 5000u) << "those that go on trying would fill their rings at once";
}

}  // namespace
}  // namespace heddle::runtime_test
