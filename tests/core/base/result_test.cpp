#include "core/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "core/base/check.h"

namespace heddle {
namespace {

TEST(Error, SaysWhatItKnowsInOneLine) {
    struct Row {
        Error error;
        const char* message;
    };
    const Row rows[] = {
        {{"cannot open", "", 0, ""}, "cannot open"},
        {{"cannot open", "a.txt", 0, ""}, "cannot open: a.txt"},
        {{"cannot open", "a.txt", ENOENT, ""}, "cannot open: a.txt: No such file or directory"},
        {{"cannot open", "a.txt", EACCES, "Run it as its owner"}, "cannot open: a.txt: Permission denied. Run it as its owner"},
        {{"cannot open", "", 0, "Try again"}, "cannot open. Try again"},
    };
    for (const Row& row : rows) EXPECT_EQ(row.error.message(), row.message);
}

TEST(Error, TakesErrnoAsItIsAtTheCall) {
    errno = EPIPE;
    const Result<> result = fail_errno("cannot write", std::string(200, 'x'));
    EXPECT_EQ(result.error().errno_value, EPIPE);
}

Result<int> half(int number) {
    if (number % 2 != 0) return fail("odd", std::to_string(number));
    return number / 2;
}

Result<int> quarter(int number) {
    const int once = TRY(half(number));
    return half(once);
}

TEST(Try, GivesTheValueOrReturnsTheError) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().message(), "odd: 3");
    EXPECT_EQ(quarter(5).error().message(), "odd: 5");
}

TEST(Check, AbortsAndSaysWhere) {
    CHECK(1 + 1 == 2);
    EXPECT_DEATH(CHECK(1 + 1 == 3), "result_test.cpp:[0-9]+: CHECK failed: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace heddle
