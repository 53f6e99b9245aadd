// Explore on threads that wait in loops: it leaves out executions that differ in idle rounds alone, and no end.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>
#include <random>
#include <set>

#include "core/catalog/program_builder.h"
#include "core/session/exploration.h"

namespace heddle::session {
namespace {

// Each argument is what one thread does: w (writes) or r (reads) or u (waits until) a variable and a value, e (waits until either
// variable is 1).
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

class WaitingLoops : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/heddle-loops-XXXXXX";
        folder_ = ::mkdtemp(name);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    ExplorationRequest program(const std::string& source) {
        const std::filesystem::path file = folder_ / "program.cpp";
        std::ofstream(file) << source;
        catalog::BuildOptions build;
        build.cache = folder_ / "cache";
        const auto built = catalog::build_program(std::vector{file}, std::vector<std::string>(), build);
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
    std::filesystem::path folder_;
};

TEST_F(WaitingLoops, PetersonsLockTakesFewExecutions) {
    const auto found = explore_program(program(kPeterson));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_LE(found->report.executions, 8U);
    EXPECT_EQ(found->report.redundant, 0U);
    for (const FoundBug& bug : found->bugs) EXPECT_EQ(bug.kind, "data-race") << "the assertion holds";
}

TEST_F(WaitingLoops, MissNoEndThatTryingEveryOrderReaches) {
    ExplorationRequest request = program(kInterpreter);
    std::mt19937 random(5);
    for (unsigned number = 0; number < 60; ++number) {
        request.arguments.clear();
        for (unsigned thread = 0; thread < 2 + number % 2; ++thread) {
            std::string code;
            for (unsigned i = 0, count = 1 + random() % (number % 2 == 0 ? 4 : 2); i < count; ++i) {
                code += "wwrue"[random() % 5];
                code += static_cast<char>('0' + random() % 2);
                code += static_cast<char>('0' + random() % 2);
            }
            request.arguments.push_back(code);
        }
        request.options.preemptions.reset();
        const auto searched = explore_program(request);
        request.options.preemptions = 20;
        const auto every = explore_program(request);
        ASSERT_TRUE(searched && every);
        std::string program;
        for (const std::string& code : request.arguments) program += code + " ";
        EXPECT_EQ(ends(*searched), ends(*every)) << program;
        EXPECT_LE(searched->report.executions, every->report.executions) << program;
    }
}

}  // namespace
}  // namespace heddle::session
