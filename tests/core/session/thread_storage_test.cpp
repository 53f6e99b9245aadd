// Explore: each fiber has local storage of its own, in whichever way the thread pointer is set, and as it was at first in every
// execution.
#include <stdlib.h>

#include "tests/core/session/explore_fixture.h"

namespace heddle::session {
namespace {

using testing::ElementsAre;

class ThreadStorageTest : public ExploreTest, public testing::WithParamInterface<const char*> {
protected:
    void SetUp() override { ::setenv("HEDDLE_THREAD_POINTER", GetParam(), 1); }
    void TearDown() override { ::unsetenv("HEDDLE_THREAD_POINTER"); }
};

INSTANTIATE_TEST_SUITE_P(Ways, ThreadStorageTest, testing::Values("", "guarded", "system call"));

// Larger than the storage that most programs have.
constexpr char kSource[] = R"(
    #include <stdio.h>
    #include <thread>
    thread_local int own[12000];
    int first = 0, shared = 0;
    void work(int number) {
        if (own[0] != 0 || own[11999] != 0) first = 1;
        for (int i = 0; i < 3; ++i) {
            shared = number;
            own[0] += 1;
            own[11999] += number;
        }
        if (own[0] != 3 || own[11999] != 3 * number) first = 2;
    }
    int main() {
        std::thread one(work, 1), two(work, 2);
        one.join();
        two.join();
        if (own[11999] != 0) first = 3;
        own[11999] = 1;
        printf("first = %d\n", first);
    }
)";

TEST_P(ThreadStorageTest, IsEachThreadsOwnAndNewInEveryExecution) {
    ExplorationRequest request = all(program(kSource));
    const Exploration complete = search(request);
    EXPECT_THAT(kinds(complete), ElementsAre("data-race"));  // on `shared`
    EXPECT_GT(complete.report.executions, 10U);
    for (const std::string& outcome : outcomes(complete)) EXPECT_THAT(outcome, testing::HasSubstr("first = 0")) << outcome;

    // Here the kernel thread waits in front of each execution.
    request.options.policy = explore::SearchPolicy::kRandom;
    request.options.limit = 300;
    for (const std::string& outcome : outcomes(search(request)))
        EXPECT_THAT(outcome, testing::HasSubstr("first = 0")) << outcome;
}

}  // namespace
}  // namespace heddle::session
