// Explore: the ends of pipes that are closed, and of processes that exit or are killed.
#include "tests/core/session/explore_processes_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(ExploreProcessesTest, AWriteThatNobodyReadsEndsTheProgramUnlessItSaysOtherwise) {
    const std::string body = R"(
    int ends[2];
    (void)!pipe(ends);
    if (fork() == 0) {
        close(ends[1]);
        return 0;
    }
    close(ends[0]);
    std::printf("%d\n", static_cast<int>(write(ends[1], "x", 1)));
    wait(nullptr);
)";
    const Exploration ends = search_all(body);
    ASSERT_NE(bug(ends, "crash"), nullptr);
    const Exploration goes_on = search_all("signal(SIGPIPE, SIG_IGN);\n" + body, "#include <csignal>\n");
    EXPECT_THAT(kinds(goes_on), IsEmpty());
    EXPECT_THAT(outcomes(goes_on), UnorderedElementsAre("\"1\"", "\"-1\""));
}

// What the others of a process would have done next, they may as well have done before it ended.
TEST_F(ExploreProcessesTest, FindsWhatAThreadDidBeforeItsProcessEnded) {
    const Exploration found = search_all(R"(
    if (fork() == 0) {
        std::thread other([] { (void)!write(1, "x", 1); });
        other.detach();
        _exit(0);
    }
    wait(nullptr);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), UnorderedElementsAre("", "\"x\""));
}

TEST_F(ExploreProcessesTest, FindsHowFarAChildComesBeforeItIsKilled) {
    const Exploration found = search_all(R"(
    int* done = shared<int>();
    const pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 2; ++i) *done = *done + 1;
        pause();
        *done = 10;
    }
    kill(child, SIGTERM);
    int status = 0;
    waitpid(child, &status, 0);
    errno = 0;
    const int again = kill(child, SIGTERM);
    std::printf("%d %d %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0, *done, again == -1 && errno == ESRCH);
)",
                                         "#include <cerrno>\n#include <csignal>\n");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), IsEmpty()) << "what the child wrote comes before its end, which its parent waits for";
    EXPECT_THAT(outcomes(found), UnorderedElementsAre("\"15 0 1\"", "\"15 1 1\"", "\"15 2 1\""));
}

TEST_F(ExploreProcessesTest, AKilledChildKeepsTheLockThatItHeld) {
    const Exploration found = search_all(R"(
    auto* lock = shared<pthread_mutex_t>();
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(lock, &attributes);
    const pid_t child = fork();
    if (child == 0) {
        pthread_mutex_lock(lock);
        pthread_mutex_unlock(lock);
        return 0;
    }
    kill(child, SIGKILL);
    pthread_mutex_lock(lock);
)",
                                         "#include <csignal>\n");
    EXPECT_THAT(kinds(found), ElementsAre("deadlock"));
}

TEST_F(ExploreProcessesTest, ASignalThatIsIgnoredDoesNothing) {
    const Exploration found = search_all(R"(
    signal(SIGTERM, SIG_IGN);
    const pid_t child = fork();
    if (child == 0) return 7;
    kill(child, SIGTERM);
    int status = 0;
    wait(&status);
    assert(WEXITSTATUS(status) == 7);
)",
                                         "#include <csignal>\n");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), IsEmpty());
}

// Only the last close of an end makes a difference to anybody.
TEST_F(ExploreProcessesTest, TriesNoOrdersOfClosesThatNobodyCanTell) {
    const Exploration found = search_all(R"(
    int ends[2];
    (void)!pipe(ends);
    if (fork() == 0) {
        close(ends[1]);
        char got;
        (void)!read(ends[0], &got, 1);
        close(ends[0]);
        return got;
    }
    close(ends[0]);
    (void)!write(ends[1], "x", 1);
    close(ends[1]);
    wait(nullptr);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_EQ(found.report.executions - found.report.forgotten, 1u);
}

TEST_F(ExploreProcessesTest, FindsEveryOutcomeOfClosesThatMakeADifference) {
    ExplorationRequest request = all(program(std::string("#include <csignal>\n") + kHeaders + R"(
int main() {
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    (void)!pipe(ends);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 2; ++i) {
        if (fork() != 0) continue;
        close(ends[i]);
        char got;
        const long result = i == 0 ? write(ends[1], "x", 1) : read(ends[0], &got, 1);
        close(ends[1 - i]);
        _exit(static_cast<int>(result + 1));
    }
    close(ends[1]);
    char got;
    const long first = read(ends[0], &got, 1);
    close(ends[0]);
    int status[2] = {};
    const pid_t one = wait(&status[0]);
    wait(&status[1]);
    std::printf("%ld %d %d %d", first, one, WEXITSTATUS(status[0]), WEXITSTATUS(status[1]));
}
)"));
    const Exploration complete = search(request);
    request.options.preemptions = 2;
    const Exploration one_by_one = search(request);
    EXPECT_EQ(complete.report.incomplete, explore::Incomplete::kNo) << complete.report.reason;
    EXPECT_GT(complete.report.outcomes.size(), 8u);
    EXPECT_GT(one_by_one.report.outcomes.size(), 8u);
    EXPECT_THAT(outcomes(complete), testing::IsSupersetOf(outcomes(one_by_one)));
}

}  // namespace
}  // namespace heddle::session
