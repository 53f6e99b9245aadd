#include "core/race/wait_for.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/race/race_builder.h"

namespace heddle::race {
namespace {

using namespace testing;  // NOLINT: the builder's
using enum WaitedFor;

Wait waits(std::uint32_t waiter, WaitedFor kind, std::uint64_t object, std::vector<std::uint32_t> holders) {
    Wait wait{.waiter = ThreadIndex{waiter}, .kind = kind, .object = object, .holders = {}};
    for (const std::uint32_t holder : holders) wait.holders.push_back(ThreadIndex{holder});
    return wait;
}

// "T1 holds b, wants a; …", circles apart by " | ".
std::string told(const std::vector<Wait>& input) {
    std::string text;
    for (const WaitCycle& cycle : find_wait_cycles(input)) {
        if (!text.empty()) text += " | ";
        for (const WaitStep& step : cycle.steps) {
            const auto name = [](WaitedFor kind, std::uint64_t object) {
                return kind == kThread ? "its end" : std::string(1, static_cast<char>('a' + (object - kA) / 0x1000));
            };
            if (text.ends_with(";")) text += " ";
            text += "T" + std::to_string(step.thread.value) + " holds " + name(step.held_kind, step.held) + ", wants " +
                    (step.wanted_kind == kThread ? "T" + std::to_string(step.wanted) : name(step.wanted_kind, step.wanted)) +
                    ";";
        }
    }
    return text;
}

TEST(WaitFor, TellsEachCircleStepByStep) {
    struct Row {
        const char* says;
        std::vector<Wait> input;
        const char* told;
    };
    const Row rows[] = {
        {"nobody waits", {}, ""},
        {"a chain", {waits(1, kMutex, kA, {2}), waits(2, kMutex, kB, {3})}, ""},
        {"two mutexes", {waits(1, kMutex, kB, {2}), waits(2, kMutex, kA, {1})}, "T1 holds a, wants b; T2 holds b, wants a;"},
        {"three",
         {waits(3, kMutex, kA, {1}), waits(1, kMutex, kB, {2}), waits(2, kMutex, kC, {3})},
         "T1 holds a, wants b; T2 holds b, wants c; T3 holds c, wants a;"},
        {"its own mutex", {waits(4, kMutex, kA, {4})}, "T4 holds a, wants a;"},
        {"a chain that leads into a circle",
         {waits(0, kMutex, kA, {1}), waits(1, kMutex, kB, {2}), waits(2, kMutex, kA, {1})},
         "T1 holds a, wants b; T2 holds b, wants a;"},
        {"one of several readers",
         {waits(1, kReadWriteLock, kA, {2, 3}), waits(3, kMutex, kB, {1})},
         "T1 holds b, wants a; T3 holds a, wants b;"},
        {"a semaphore, which nobody holds", {waits(1, kSemaphore, kA, {}), waits(2, kMutex, kB, {1})}, ""},
        {"a condition variable", {waits(1, kCondition, kA, {}), waits(2, kThread, 1, {1})}, ""},
        {"a join while holding what the other needs",
         {waits(1, kThread, 2, {2}), waits(2, kMutex, kA, {1})},
         "T1 holds a, wants T2; T2 holds its end, wants a;"},
        {"joining each other",
         {waits(1, kThread, 2, {2}), waits(2, kThread, 1, {1})},
         "T1 holds its end, wants T2; T2 holds its end, wants T1;"},
        {"two circles",
         {waits(1, kMutex, kB, {2}), waits(2, kMutex, kA, {1}), waits(5, kMutex, kC, {5})},
         "T1 holds a, wants b; T2 holds b, wants a; | T5 holds c, wants c;"},
        {"two circles through one thread, the short one told first",
         {waits(1, kReadWriteLock, kA, {2, 3}), waits(2, kMutex, kB, {3}), waits(3, kMutex, kC, {1})},
         "T1 holds c, wants a; T3 holds a, wants c; | T2 holds a, wants b; T3 holds b, wants c; T1 holds c, wants a;"},
    };
    for (const Row& row : rows) EXPECT_EQ(told(row.input), row.told) << row.says;
}

}  // namespace
}  // namespace heddle::race
