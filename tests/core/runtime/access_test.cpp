// What the access, atomic and function hooks record, on real programs built by both compilers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

std::uint64_t payload_word(const Record& payload) {
    return payload.kind() == Kind::kPayload ? payload.tick : ~std::uint64_t{0};
}

class Access : public Compilers {};
HEDDLE_BOTH_COMPILERS(Access);

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

TEST_P(Access, IncrementIsAReadThenAWriteWithTheValuesSeen) {
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

TEST_P(Access, ThreadsNameTheirCreatorAndTheCreatorNamesThem) {
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

TEST_P(Access, AtomicsHaveTheirEffectInEveryWidthAndAreRecorded) {
    const Outcome outcome = run({program(GetParam(), "atomics")});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.out;
    EXPECT_NE(outcome.out.find("ok"), std::string::npos) << outcome.out;
    const Tape& main = outcome.first();
    const std::uint64_t object = printed(outcome.out, "object");
    std::vector<Step> steps;
    std::vector<std::int32_t> others;
    for (const Record& record : main.records) {
        const bool atomic = record.kind() >= Kind::kAtomicLoad && record.kind() <= Kind::kAtomicCompareFailed;
        const bool two = trace::has_other_value(record.kind(), record.detail());
        const std::uint64_t value = two ? record.value & 0xffffffffU : record.value;
        if (atomic && record.address == object && steps.size() < 4) steps.push_back({record.kind(), value});
        if (two && record.address == object) others.push_back(static_cast<std::int32_t>(record.value >> 32));
        if (atomic && record.address == object) {
            EXPECT_EQ(record.detail() & 0x0f, 2);
        }
    }
    const std::vector<Step> expected = {{Kind::kAtomicStore, 0x55},
                                        {Kind::kAtomicLoad, 0x55},
                                        {Kind::kAtomicExchange, static_cast<std::uint32_t>(-3)},
                                        {Kind::kAtomicUpdate, 4}};
    EXPECT_EQ(steps, expected);
    // Exchange, add, subtract, and, or, xor, nand; a comparison that fails, one that does not, and the last.
    ASSERT_GE(others.size(), 10u);
    others.resize(10);
    EXPECT_EQ(others, (std::vector<std::int32_t>{0x55, -3, 4, 0x55, 0x55, 0x55, 0x55, -3, 0x55, -3}))
        << "what was found or expected";
    for (const Kind kind : {Kind::kAtomicCompareOk, Kind::kAtomicCompareFailed}) EXPECT_TRUE(main.has(kind));
    const std::uint64_t wide = printed(outcome.out, "wide");
    std::vector<std::uint64_t> wide_others;
    for (std::size_t i = 0; i + 1 < main.records.size() && wide_others.size() < 3; ++i) {
        const Record& record = main.records[i];
        if (record.address == wide && trace::has_other_value(record.kind(), record.detail()))
            wide_others.push_back(payload_word(main.records[i + 1]));
    }
    EXPECT_EQ(wide_others, (std::vector<std::uint64_t>{0x55, ~std::uint64_t{2}, 4})) << "of 8 bytes";
    ASSERT_EQ(main.of(Kind::kFence).size(), 1u);
    EXPECT_EQ(main.of(Kind::kFence)[0].detail() >> 4, 5);
}

TEST_P(Access, LocalIsRecordedOnceAnotherThreadReachedItAndNotBefore) {
    const Outcome outcome = run({program(GetParam(), "threads"), "locals"});
    const std::uint64_t reached = printed(outcome.out, "reached"), hidden = printed(outcome.out, "hidden");
    ASSERT_NE(reached, 0u);
    std::vector<Step> by_others;
    for (const Tape& tape : outcome.tapes) {
        EXPECT_TRUE(steps_on(tape, hidden).empty());
        if (tape.tid != outcome.first().tid) {
            for (const Step& step : steps_on(tape, reached)) by_others.push_back(step);
        }
    }
    EXPECT_EQ(by_others, (std::vector<Step>{{Kind::kWrite, 12}}));
    const auto by_owner = steps_on(outcome.first(), reached);
    ASSERT_GE(by_owner.size(), 2u);
    EXPECT_EQ(by_owner[0], (Step{Kind::kRead, 12}));
    EXPECT_EQ(by_owner[1], (Step{Kind::kWrite, 13}));
}

TEST_P(Access, EveryFunctionEntryHasItsExitAlsoThroughExceptions) {
    const Outcome outcome = run({program(GetParam(), "lifetimes")}, {.ring_capacity = 1 << 16});
    std::vector<std::uint8_t> depths;
    std::size_t entries = 0, highest = 0;
    for (const Record& record : outcome.first().records) {
        if (record.kind() == Kind::kFunctionEntry) {
            ++entries;
            EXPECT_EQ(record.detail(), depths.size() + 1);
            depths.push_back(record.detail());
            highest = std::max(highest, depths.size());
        } else if (record.kind() == Kind::kFunctionExit) {
            ASSERT_FALSE(depths.empty());
            EXPECT_EQ(record.detail(), depths.back());
            depths.pop_back();
        }
    }
    EXPECT_GT(entries, 20u);
    EXPECT_GE(highest, 6u);
    EXPECT_LE(depths.size(), 3u) << "main is still running when the ring is full";
}

TEST_P(Access, FrameCopyHoldsTheCallersLocals) {
    const Outcome outcome = run({program(GetParam(), "threads"), "locals"});
    const Tape& main = outcome.first();
    const std::uint64_t hidden = printed(outcome.out, "hidden");
    bool seen = false;
    for (std::size_t i = 0; i < main.records.size(); ++i) {
        const Record& record = main.records[i];
        if (record.kind() != Kind::kFrameBytes || hidden < record.address || hidden + 4 > record.address + record.value)
            continue;
        const std::string bytes = main.payload(i);
        std::int32_t value = 0;
        std::memcpy(&value, bytes.data() + (hidden - record.address), sizeof value);
        seen = seen || value == 21;
    }
    EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace heddle::runtime_test
