// The search by preemptions: which executions it asks for, by steps made by hand.
#include "core/explore/bounded_search.h"

#include <gmock/gmock.h>

namespace heddle::explore {
namespace {

// Each letter a step at that place: small ones by thread 0, great ones by thread 1. Both can always go on.
std::vector<Step> steps(std::string_view places) {
    std::vector<Step> made;
    for (const char place : places) {
        Step step{};
        step.thread = place >= 'a' ? 0 : 1;
        step.operation.pc = static_cast<std::uint64_t>(place);
        step.enabled = 3;
        step.choices = 1;
        made.push_back(step);
    }
    return made;
}

// What it asks for, as the threads that are to move.
std::vector<std::string> asked(BoundedSearch search) {
    std::vector<std::string> prefixes;
    for (auto request = search.next(); request; request = search.next()) {
        std::string& prefix = prefixes.emplace_back();
        for (const Choice& choice : request->prefix) prefix += choice.thread == 0 ? 'a' : 'A';
    }
    return prefixes;
}

TEST(BoundedSearch, FindsWhereAThreadGoesRoundForTheThirdTime) {
    EXPECT_EQ(before_third_round(steps("abcbcbc")), 5U);
    EXPECT_EQ(before_third_round(steps("abcbcABcbc")), 10U) << "somebody came in between";
    EXPECT_EQ(before_third_round(steps("abcA")), 4U);
}

TEST(BoundedSearch, LeavesAKnownExecutionBehindItsLastPreemption) {
    EXPECT_THAT(asked(BoundedSearch::behind(steps("abABABABAB"), 2)), testing::ElementsAre("aaAa", "aaAAa", "aaAAAa"));
    EXPECT_THAT(asked(BoundedSearch::behind(steps("abABABABAB"), 1)), testing::IsEmpty());
}

}  // namespace
}  // namespace heddle::explore
