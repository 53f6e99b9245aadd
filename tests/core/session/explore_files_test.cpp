// Regular files in a search: each execution finds them as the first one did, the order in which threads use them is tried, and
// behind the search they are as before.
#include <fstream>
#include <set>

#include "tests/core/session/explore_fixture.h"
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Two threads append to the file named by argv[1]; then it is read. forks: two processes do.
std::string appending(bool forks) {
    const std::string threads = "std::thread a(append, 1), b(append, 2); a.join(); b.join();";
    const std::string processes =
        "for (int i = 1; i <= 2; ++i) if (fork() == 0) { append(i); _exit(0); } wait(nullptr); wait(nullptr);";
    return R"(
        #include <stdio.h>
        #include <sys/wait.h>
        #include <unistd.h>
        #include <fstream>
        #include <thread>
        const char* path;
        int lines;
        void append(int i) { std::ofstream(path, std::ios::app) << i << "\n"; }
        int main(int, char** argv) {
            path = argv[1];
            rename((std::string(path) + ".old").c_str(), (std::string(path) + ".older").c_str());
            )" +
           (forks ? processes : threads) + R"(
            FILE* const file = fopen(path, "r");
            for (int line; fscanf(file, "%d", &line) == 1;) lines = lines * 10 + line;
            remove(path);
        })";
}

std::set<std::string> lines_counted(const Exploration& exploration) {
    std::set<std::string> values;
    for (const explore::Outcome& outcome : exploration.report.outcomes)
        values.insert(outcome.value.substr(outcome.value.find("lines")));
    return values;
}

TEST_F(ExploreTest, EachExecutionFindsTheFilesAsTheyWere) {
    for (const bool forks : {false, true}) {
        SCOPED_TRACE(forks);
        ExplorationRequest request = all(program(appending(forks)));
        request.arguments = {folder_ / "log"};
        const std::filesystem::path old = folder_ / "log.old", log = folder_ / "log";
        std::ofstream(old) << "old";
        const Exploration fresh = search(request);
        EXPECT_EQ(fresh.report.verdict, VerdictKind::kNoneComplete) << fresh.report.reason;
        EXPECT_EQ(lines_counted(fresh), (std::set<std::string>{"lines = 12", "lines = 21"}));
        EXPECT_FALSE(std::filesystem::exists(log));
        EXPECT_EQ(content_of(old), "old");
        std::ofstream(log) << "7\n";
        EXPECT_EQ(lines_counted(search(request)), (std::set<std::string>{"lines = 712", "lines = 721"}));
        EXPECT_EQ(content_of(log), "7\n");
        std::filesystem::remove(log);
    }
}

TEST_F(ExploreTest, FilesThatCannotBeBroughtBackAreRefused) {
    ExplorationRequest request = program(R"(
        #include <stdio.h>
        int main(int, char** argv) { fclose(fopen(argv[1], "r+")); })");
    request.arguments = {folder_ / "long"};
    std::ofstream(folder_ / "long") << std::string((4 << 20) + 1, 'x');
    const Exploration refused = search(request);
    EXPECT_EQ(refused.report.verdict, VerdictKind::kNoneBounded);
    EXPECT_THAT(refused.report.reason, testing::HasSubstr("4 MiB"));
    EXPECT_EQ(std::filesystem::file_size(folder_ / "long"), (4u << 20) + 1);
}

TEST_F(ExploreTest, DescriptorsLeftOpenAreClosedBehindEachExecution) {
    const Exploration left = search(all(program(R"(
        #include <fcntl.h>
        #include <thread>
        int worst, order;
        void work() { const int fd = open("/proc/self/stat", O_RDONLY); if (fd > worst) worst = fd; }
        int main() { work(); for (int i = 0; i < 3; ++i) { std::thread a([] { __atomic_fetch_add(&order, 1, 5); }), b([] { __atomic_fetch_xor(&order, 5, 5); }); a.join(); b.join(); } order = 0; })")));
    EXPECT_EQ(left.report.verdict, VerdictKind::kNoneComplete) << left.report.reason;
    EXPECT_GT(left.report.executions, 4u);
    EXPECT_EQ(left.report.outcomes.size(), 1u);
}

// In Step the program's files are its own: it changes them, in the order of the schedule.
TEST_F(StepTest, FollowsAScheduleThroughFiles) {
    RunRequest request = program(appending(false));
    request.scenario.arguments = {folder_ / "log"};
    request.to_the_end = true;
    const auto ends_alike = [this](const explore::Outcome& outcome, const model::Snapshot& end) {
        EXPECT_THAT(outcome.value, testing::HasSubstr("lines = " + value_of(end, "lines")));
        EXPECT_FALSE(std::filesystem::exists(folder_ / "log")) << "the program removes it";
    };
    ASSERT_EQ(follow_outcomes(request, ends_alike), 2u);
}

}  // namespace
}  // namespace heddle::session
