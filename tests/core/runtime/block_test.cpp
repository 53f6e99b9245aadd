// What copies and fills a block is recorded as an access to it, once, whether the compiler left a hook or a call there.
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Blocks : public Compilers {};
HEDDLE_BOTH_COMPILERS(Blocks);

std::vector<std::uint64_t> ranges(const Tape& tape, Kind kind, std::uint64_t address) {
    std::vector<std::uint64_t> bytes;
    for (const Record& record : tape.of(kind))
        if (record.address == address) bytes.push_back(record.value);
    return bytes;
}

TEST_P(Blocks, EachCopyIsAReadOfItsSourceAndAWriteOfItsDestinationOnce) {
    using ::testing::ElementsAre;
    const Outcome outcome = run({program(GetParam(), "blocks")});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("ok"), std::string::npos);
    const Tape& main = outcome.first();
    const auto at = [&](const char* name) { return printed(outcome.out, name); };
    EXPECT_THAT(ranges(main, Kind::kReadRange, at("from_middle")), ElementsAre(64));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("to_middle")), ElementsAre(64));
    EXPECT_THAT(ranges(main, Kind::kReadRange, at("from_large")), ElementsAre(8192));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("to_large")), ElementsAre(8192));
    EXPECT_THAT(ranges(main, Kind::kReadRange, at("overlapping")), ElementsAre(10, 14)) << "moved, and compared";
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("overlapping") + 3), ElementsAre(10));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("filled")), ElementsAre(100));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("put")), ElementsAre()) << "the C++ library's own work";
}

TEST_P(Blocks, WhatTheStringFunctionsReadAndWriteIsRecorded) {
    using ::testing::ElementsAre;
    const Outcome outcome = run({program(GetParam(), "strings")});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("ok"), std::string::npos);
    const Tape& main = outcome.first();
    const auto at = [&](const char* name) { return printed(outcome.out, name); };
    EXPECT_THAT(ranges(main, Kind::kReadRange, at("source")), ElementsAre(7, 7, 7, 3, 7, 3, 7));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("copied")), ElementsAre(7));
    EXPECT_THAT(ranges(main, Kind::kReadRange, at("copied")), ElementsAre(7, 3));
    EXPECT_THAT(ranges(main, Kind::kReadRange, at("appended")), ElementsAre(3, 9, 3));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("appended") + 2), ElementsAre(7));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("padded")), ElementsAre(20));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("bounded")), ElementsAre(4));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("checked")), ElementsAre(7));
    EXPECT_THAT(ranges(main, Kind::kWriteRange, at("checked_block")), ElementsAre(3));
    std::size_t reads = 0;
    for (const Record& record : main.records) reads += record.kind() == Kind::kReadRange;
    EXPECT_EQ(reads, 15U) << "a string in the program's text is nobody's to write";
}

TEST_P(Blocks, ACopyIsRecordedInTheFunctionItIsIn) {
    const Outcome outcome = run({program(GetParam(), "blocks")});
    const Tape& main = outcome.first();
    std::uint64_t function = 0;  // address of the entry hook's call: a little before the copy
    for (const Record& record : main.records) {
        if (record.kind() == Kind::kFunctionEntry) function = record.pc();
        if (record.kind() != Kind::kWriteRange || record.address != printed(outcome.out, "to_large")) continue;
        EXPECT_GT(record.pc(), function);
        EXPECT_LT(record.pc(), function + 64);
    }
}

TEST_P(Blocks, AProgramWithoutHooksCopiesUnseen) {
    const Outcome outcome = run({program(GetParam(), "blocks", false)}, {.preload = true});
    ASSERT_TRUE(outcome.clean_exit()) << outcome.out << outcome.err;
    EXPECT_FALSE(outcome.first().has(Kind::kReadRange));
    EXPECT_FALSE(outcome.first().has(Kind::kWriteRange));
}

}  // namespace
}  // namespace heddle::runtime_test
