// Misuse of the heap in Explore: use after free, double and invalid free, each a bug of its own with the two places.
#include "core/model/explain_exploration.h"
#include "tests/core/session/explore_fixture.h"
#include "tests/core/session/use_after_unlock.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;

class HeapFaultsTest : public ExploreTest {
protected:
    FoundBug only_bug(const std::string& source) {
        const Exploration found = search(program(source));
        EXPECT_EQ(found.report.verdict, VerdictKind::kBug) << found.report.reason;
        EXPECT_EQ(found.bugs.size(), 1u);
        return found.bugs.empty() ? FoundBug{} : found.bugs.front();
    }
};

TEST_F(HeapFaultsTest, AUseAfterAFreeByAnotherThreadIsFoundWithBothPlaces) {
    const FoundBug bug = only_bug(kUseAfterUnlock);
    EXPECT_EQ(bug.kind, "use-after-free");
    ASSERT_EQ(bug.at.size(), 2u);
    EXPECT_EQ(bug.at[0].operation, "free");
    EXPECT_EQ(bug.at[0].line, 13);
    EXPECT_EQ(bug.at[0].thread, 3);
    EXPECT_EQ(bug.at[1].operation, "write");
    EXPECT_EQ(bug.at[1].line, 9);
    EXPECT_EQ(bug.at[1].thread, 2);
    EXPECT_EQ(bug.line, 9);
    EXPECT_THAT(bug.steps, testing::Contains(bug.at[0])) << "a click goes to the step";
    EXPECT_THAT(bug.steps, testing::Contains(bug.at[1]));
    const model::Sentence sentence = model::sentence_of(bug);
    EXPECT_EQ(sentence.key, "explore.bug.use-after-free");
    EXPECT_EQ(sentence.arguments.at("line_a"), "13");
    EXPECT_EQ(sentence.arguments.at("b"), "T2");
}

TEST_F(HeapFaultsTest, ItsScheduleShowsItEveryTime) {
    const ExplorationRequest request = program(kUseAfterUnlock);
    const Exploration found = search(request);
    ASSERT_FALSE(found.bugs.empty());
    const auto again = replay_schedule(request, found.bugs.front().schedule, 1000);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(std::count(again->begin(), again->end(), "use-after-free"), 1000);
}

TEST_F(HeapFaultsTest, AUseAfterAFreeByTheSameThreadIsFound) {
    const FoundBug bug = only_bug("int main() {\n  int* p = new int(1);\n  delete p;\n  *p = 2;\n}\n");
    EXPECT_EQ(bug.kind, "use-after-free");
    ASSERT_EQ(bug.at.size(), 2u);
    EXPECT_EQ(bug.at[0].line, 3);
    EXPECT_EQ(bug.at[1].line, 4);
}

// The last to let go frees, in whatever order: all orders are tried, and none is wrong.
TEST_F(HeapFaultsTest, WhatIsFreedByTheLastOneIsNone) {
    const Exploration found = search(all(program(R"(#include <memory>
#include <thread>
struct Node { int value = 0; };
int main() {
    auto shared = std::make_shared<Node>();
    std::thread a([mine = shared]() mutable { (void)mine->value; mine.reset(); });
    std::thread b([mine = shared]() mutable { (void)mine->value; mine.reset(); });
    shared.reset();
    a.join(); b.join();
}
)")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_GE(found.report.executions, 6u) << "the orders of three who let go";
}

TEST_F(HeapFaultsTest, ADoubleFreeByTwoThreadsIsFoundWithBothPlaces) {
    const FoundBug bug = only_bug(
        "#include <cstdlib>\n#include <thread>\nvoid* p = std::malloc(8);\nvoid one() { std::free(p); }\n"
        "void other() { std::free(p); }\nint main() { std::thread a(one), b(other); a.join(); b.join(); }\n");
    EXPECT_EQ(bug.kind, "double-free");
    ASSERT_EQ(bug.at.size(), 2u);
    EXPECT_THAT((std::vector{bug.at[0].line, bug.at[1].line}), testing::UnorderedElementsAre(4, 5));
    EXPECT_NE(bug.at[0].thread, bug.at[1].thread);
}

TEST_F(HeapFaultsTest, AFreeOfWhatIsNoBlockIsFound) {
    const char* const sources[] = {
        "#include <cstdlib>\nint x;\nint main() {\n  std::free(&x);\n}\n",
        "#include <cstdlib>\nint main() {\n  auto* p = static_cast<char*>(std::malloc(9));\n  std::free(p + 4);\n}\n"};
    for (const char* const source : sources) {
        const FoundBug bug = only_bug(source);
        EXPECT_EQ(bug.kind, "invalid-free") << source;
        EXPECT_EQ(bug.line, 4) << source;
    }
}

TEST_F(HeapFaultsTest, AMutexThatIsFreedWhileItIsLockedOrLockedAfterwards) {
    const FoundBug freed = only_bug(
        "#include <mutex>\nstruct Account { std::mutex m; };\nint main() {\n  auto* a = new Account;\n  a->m.lock();\n  delete "
        "a;\n}\n");
    EXPECT_EQ(freed.kind, "misuse");
    EXPECT_EQ(freed.text, "its memory was freed while it is locked");
    EXPECT_EQ(freed.line, 6);
    const FoundBug locked = only_bug(R"(#include <mutex>
#include <thread>
struct Account { std::mutex m; };
Account* account = new Account;
void user(Account* mine) { mine->m.lock(); mine->m.unlock(); }
int main() {
    std::thread a(user, account);
    delete account;
    a.join();
}
)");
    EXPECT_EQ(locked.kind, "use-after-free");
    ASSERT_EQ(locked.at.size(), 2u);
    EXPECT_EQ(locked.at[0].line, 8);
    EXPECT_EQ(locked.at[1].operation, "lock");
}

}  // namespace
}  // namespace heddle::session
