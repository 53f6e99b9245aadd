// Explore on threads that wait in loops: it leaves out executions that differ in idle rounds alone, and no end.
#include <gmock/gmock-more-matchers.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <vector>

#include "core/session/exploration.h"
#include "tests/core/catalog/temporary_folder.h"
#include "tests/core/session/program_build.h"

namespace heddle::session {
namespace {

// Each argument is what one thread does: w (writes) or r (reads) or u (waits until) a variable and a value, e (waits until
// either variable is 1).
constexpr char kInterpreter[] = R"(
    #include <thread>
    #include <vector>
    int x[2][16], seen[3][16];
    void work(int thread, const char* code) {
        for (int at = 0; code[at] != 0; at += 3) {
            const int variable = code[at + 1] - '0', value = code[at + 2] - '0';
            if (code[at] == 'w') x[variable][0] = value;
            if (code[at] == 'r') seen[thread][at / 3] = x[variable][0] + 1;
            if (code[at] == 'u') while (x[variable][0] != value) {}
            if (code[at] == 'e') while (x[0][0] != 1 && x[1][0] != 1) {}
        }
    }
    int main(int count, char** codes) {
        std::vector<std::thread> all;
        for (int i = 1; i < count; ++i) all.emplace_back(work, i - 1, codes[i]);
        for (auto& each : all) each.join();
    }
)";

constexpr char kPeterson[] = R"(
    #include <cassert>
    #include <thread>
    int wants[2], turn, inside;
    void enter(int me) {
        wants[me] = 1;
        turn = 1 - me;
        while (wants[1 - me] == 1 && turn == 1 - me) {}
        inside++;
        assert(inside == 1);
        inside--;
        wants[me] = 0;
    }
    int main() { std::thread a(enter, 0), b(enter, 1); a.join(); b.join(); }
)";

// Two threads meet twice.
constexpr char kBarrier[] = R"(
    #include <barrier>
    #include <thread>
    std::barrier meeting{2};
    void work() { meeting.arrive_and_wait(); meeting.arrive_and_wait(); }
    int main() { std::thread a(work), b(work); a.join(); b.join(); }
)";

// Whoever stores forgets to say so.
constexpr char kNoNotice[] = R"(
    #include <atomic>
    #include <thread>
    std::atomic<int> ready;
    int main() { std::thread a([] { ready.wait(0); }); ready = 1; a.join(); }
)";

constexpr char kCountedLooks[] = R"(
    #include <atomic>
    #include <thread>
    std::atomic<int> ready;
    int looks;
    int main() {
        std::thread a([] { while (looks < 3 && ready == 0) ++looks; });
        ready = 1;
        a.join();
    }
)";

class WaitingLoops : public testing::Test {
protected:
    ExplorationRequest program(const std::string& source) {
        const std::filesystem::path file = folder_.write("program.cpp", source);
        const auto built = catalog::build_program(std::vector{file}, std::vector<std::string>(), program_build());
        EXPECT_TRUE(built) << built.error().message();
        ExplorationRequest request;
        if (built) request.program = built->path;
        request.options.all = true;
        request.options.timeout_s = 60;
        return request;
    }
    static std::set<std::string> ends(const Exploration& exploration) {
        std::set<std::string> ends;
        for (const explore::Outcome& outcome : exploration.report.outcomes) ends.insert(outcome.value + " " + outcome.bug);
        return ends;
    }
    catalog::TemporaryFolder folder_;
};

TEST_F(WaitingLoops, PetersonsLockTakesFewExecutions) {
    const auto found = explore_program(program(kPeterson));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_LE(found->report.executions, 8U);
    EXPECT_EQ(found->report.redundant, 0U);
    for (const FoundBug& bug : found->bugs) EXPECT_EQ(bug.kind, "data-race") << "the assertion holds";
}

TEST_F(WaitingLoops, LooksOfTheLibraryThatFindTheSameCountForOne) {
    const auto found = explore_program(program(kBarrier));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->report.verdict, explore::VerdictKind::kNoneComplete) << found->report.reason;
    EXPECT_LE(found->report.executions, 15'000U);
}

TEST_F(WaitingLoops, OfTheLibraryStillComeToAThreadThatSleepsForEver) {
    const auto found = explore_program(program(kNoNotice));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_TRUE(
        std::any_of(found->bugs.begin(), found->bugs.end(), [](const FoundBug& bug) { return bug.kind == "deadlock"; }));
    EXPECT_EQ(found->report.outcomes.size(), 2U);
}

TEST_F(WaitingLoops, OfAProgramThatCountsItsLooksEndInEveryCount) {
    const auto found = explore_program(program(kCountedLooks));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->report.outcomes.size(), 4U) << "0 to 3 looks";
}

TEST_F(WaitingLoops, MissNoEndThatTryingEveryOrderReaches) {
    ExplorationRequest request = program(kInterpreter);
    const std::vector<std::string> programs[] = {{"w01u11r00", "w11u01r00"},  {"w01e00r10", "w11r00"},
                                                 {"u01w11", "w01u11r10"},     {"w01w00", "w11e00r00"},
                                                 {"w01", "w11", "e00r00r10"}, {"u01r10", "w11w01w10"}};
    for (const std::vector<std::string>& codes : programs) {
        request.arguments = codes;
        request.options.preemptions.reset();
        request.options.limit = 20'000;
        const auto searched = explore_program(request);
        request.options.preemptions = 6;
        request.options.limit = 800;  // those with few preemptions come first
        const auto every = explore_program(request);
        ASSERT_TRUE(searched && every);
        const std::string& program = codes.front();
        EXPECT_TRUE(searched->report.reason.empty()) << program << ": " << searched->report.reason;
        EXPECT_THAT(ends(*searched), testing::IsSupersetOf(ends(*every))) << program;
    }
}

}  // namespace
}  // namespace heddle::session
