// Explore: programs whose executions only kernel threads and real processes can carry out.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/core/session/explore_processes_fixture.h"
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(ExploreProcessesTest, FindsTheUpdateThatTwoProcessesLose) {
    const Exploration found = search_all(R"(
    int* counter = shared<int>();
    if (fork() == 0) {
        ++*counter;
        _exit(0);
    }
    ++*counter;
    wait(nullptr);
    assert(*counter == 2);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kBug);
    EXPECT_THAT(kinds(found), Contains("assertion"));
    EXPECT_THAT(kinds(found), Contains("data-race"));
    ASSERT_NE(bug(found, "assertion"), nullptr);
    EXPECT_EQ(bug(found, "assertion")->preemptions, 1);
}

TEST_F(ExploreProcessesTest, FindsNothingWhereTheParentWaitsFirst) {
    const Exploration found = search_all(R"(
    int* counter = shared<int>();
    const pid_t child = fork();
    if (child == 0) {
        ++*counter;
        return 0;
    }
    waitpid(child, nullptr, 0);
    ++*counter;
    assert(*counter == 2);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), IsEmpty());
}

TEST_F(ExploreProcessesTest, FindsNothingWhereALockOrdersBoth) {
    const Exploration found = search_all(R"(
    struct Account { pthread_mutex_t lock; int balance; };
    auto* account = shared<Account>();
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&account->lock, &attributes);
    for (int i = 0; i < 2; ++i) {
        if (fork() != 0) continue;
        pthread_mutex_lock(&account->lock);
        account->balance += 10;
        pthread_mutex_unlock(&account->lock);
        return 0;
    }
    while (wait(nullptr) > 0) {}
    assert(account->balance == 20);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), IsEmpty());
    EXPECT_GT(found.report.executions, 2u) << "either child may be the first";
}

TEST_F(ExploreProcessesTest, FindsNothingWhereASemaphoreWithANameOrdersBoth) {
    const Exploration found = search_all(R"(
    char name[64];
    std::snprintf(name, sizeof name, "/heddle-test-%d", static_cast<int>(getuid()));
    sem_unlink(name);
    sem_t* full = sem_open(name, O_CREAT, 0600, 0);
    if (full == SEM_FAILED) return 1;
    int* value = shared<int>();
    if (fork() == 0) {
        *value = 7;
        sem_post(full);
        return 0;
    }
    sem_wait(full);
    sem_unlink(name);
    assert(*value == 7);
    wait(nullptr);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), IsEmpty());
}

// Each has its own: what one writes there is nothing to the other.
TEST_F(ExploreProcessesTest, MemoryThatForkCopiedIsNotShared) {
    const Exploration found = search_all(R"(
    const pid_t child = fork();
    for (int i = 0; i < 20; ++i) ++counter;
    if (child == 0) return counter;
    int status = 0;
    wait(&status);
    assert(WEXITSTATUS(status) == 21 && counter == 21);
)",
                                         "int counter = 1;\n");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), IsEmpty());
    EXPECT_EQ(found.report.executions - found.report.forgotten, 1u);
}

TEST_F(ExploreProcessesTest, NamesADeadlockBetweenParentAndChild) {
    const Exploration found = search_all(R"(
    int ends[2];
    (void)!pipe(ends);
    if (fork() == 0) {
        close(ends[1]);
        char got;
        while (read(ends[0], &got, 1) == 1) {}
        return 0;
    }
    (void)!write(ends[1], "x", 1);
    wait(nullptr);  // while it has the end to write to
)");
    ASSERT_THAT(kinds(found), ElementsAre("deadlock"));
    const FoundBug& deadlock = found.bugs.front();
    ASSERT_EQ(deadlock.waiting.size(), 2u);
    EXPECT_EQ(deadlock.waiting[0].operation, "wait_child");
    EXPECT_EQ(deadlock.waiting[1].operation, "receive");
    EXPECT_THAT(deadlock.cycle, ElementsAre(1, 2)) << "the parent for its child, which it keeps from the end of the pipe";
}

TEST_F(ExploreProcessesTest, NamesWhoKeepsItselfFromTheEndOfAPipe) {
    const Exploration found = search_all(R"(
    int ends[2];
    (void)!pipe(ends);
    const pid_t child = fork();
    if (child == 0) {
        char got;
        while (read(ends[0], &got, 1) == 1) {}
        return 0;
    }
    close(ends[0]);
    close(ends[1]);
    waitpid(child, nullptr, 0);
)");
    ASSERT_THAT(kinds(found), ElementsAre("deadlock"));
    EXPECT_THAT(found.bugs.front().cycle, ElementsAre(2));
}

TEST_F(ExploreProcessesTest, FindsWhatAChildAssertsAndWhereItCrashes) {
    const Exploration asserts = search_all(R"(
    int* ready = shared<int>();
    if (fork() == 0) {
        assert(*ready == 1);
        return 0;
    }
    *ready = 1;
    wait(nullptr);
)");
    ASSERT_NE(bug(asserts, "assertion"), nullptr);
    EXPECT_EQ(bug(asserts, "assertion")->text, "*ready == 1");
    const Exploration crashes = search_all(R"(
    auto** place = shared<int*>();
    if (fork() == 0) return **place;
    *place = &value;
    wait(nullptr);
)",
                                           "int value = 7;\n");
    ASSERT_NE(bug(crashes, "crash"), nullptr);
    EXPECT_TRUE(bug(crashes, "crash")->file.ends_with(".cpp"));
}

TEST_F(ExploreProcessesTest, FindsEachOrderInWhichChildrenPrintAndEnd) {
    const Exploration found = search_all(R"(
    for (int i = 0; i < 2; ++i) {
        if (fork() == 0) { std::printf("child %d\n", i); return i; }
    }
    int status = 0;
    wait(&status);
    std::printf("%d first\n", WEXITSTATUS(status));
    std::fflush(stdout);
    wait(nullptr);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), UnorderedElementsAre("\"child 0\nchild 1\n0 first\"", "\"child 1\nchild 0\n0 first\"",
                                                      "\"child 1\nchild 0\n1 first\"", "\"child 0\n0 first\nchild 1\"",
                                                      "\"child 1\n1 first\nchild 0\""));
}

// The kernel gives processes other numbers in every execution; the program sees the same.
TEST_F(ExploreProcessesTest, ProcessesHaveTheSameNumbersInEveryExecution) {
    const Exploration found = search_all(R"(
    int* counter = shared<int>();
    child = fork();
    ++*counter;
    if (child == 0) return getpid() == getppid();
    assert(wait(nullptr) == child);
    std::printf("%d has the child %d\n", getpid(), child);
)",
                                         "pid_t child;\n");
    EXPECT_THAT(outcomes(found), ElementsAre(HasSubstr("has the child 1001")));
}

TEST_F(ExploreProcessesTest, FindsWhichDescriptorPollFindsReady) {
    const Exploration found = search_all(R"(
    (void)!pipe(a);
    (void)!pipe(b);
    std::thread first([] { (void)!write(a[1], "x", 1); });
    std::thread second([] { (void)!write(b[1], "y", 1); });
    pollfd fds[2] = {{a[0], POLLIN, 0}, {b[0], POLLIN, 0}};
    (void)!poll(fds, 2, -1);
    std::printf("<%s%s>\n", fds[0].revents != 0 ? "a" : "", fds[1].revents != 0 ? "b" : "");
    first.join();
    second.join();
)",
                                         "int a[2], b[2];\n");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), UnorderedElementsAre(HasSubstr("<a>"), HasSubstr("<b>"), HasSubstr("<ab>")));
}

TEST_F(ExploreProcessesTest, FindsThatACallThatDoesNotWaitMayComeTooEarly) {
    const Exploration found = search_all(R"(
    int ends[2];
    (void)!pipe(ends);
    if (fork() == 0) { (void)!write(ends[1], "x", 1); return 0; }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    char byte;
    std::printf("%d\n", static_cast<int>(read(ends[0], &byte, 1)));
    wait(nullptr);
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), UnorderedElementsAre("\"1\"", "\"-1\""));
}

TEST_F(ExploreProcessesTest, FindsWhichClientAServerAcceptsFirst) {
    const Exploration found = search_all(R"(
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::snprintf(name.sun_path + 1, 100, "heddle-test-%d", static_cast<int>(getuid()));
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 || listen(listener, 5) != 0) return 1;
    for (const char client : {'a', 'b'}) {
        if (fork() != 0) continue;
        const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) return 2;
        (void)!write(fd, &client, 1);
        return 0;
    }
    for (int i = 0; i < 2; ++i) {
        const int fd = accept(listener, nullptr, nullptr);
        char client = '?';
        (void)!read(fd, &client, 1);
        std::putchar(client);
    }
    while (wait(nullptr) > 0) {}
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), UnorderedElementsAre("\"ab\"", "\"ba\""));
}

// fork copies what the other threads have done so far, and the locks that they hold.
TEST_F(ExploreProcessesTest, FindsTheLockThatAChildNeverGets) {
    const Exploration found = search_all(R"(
    std::thread other([] {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    });
    if (fork() == 0) {
        pthread_mutex_lock(&lock);
        _exit(0);
    }
    wait(nullptr);
    other.join();
)",
                                         "pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n");
    EXPECT_THAT(kinds(found), Contains("deadlock"));
}

// Against all schedules with few preemptions, one by one.
TEST_F(ExploreProcessesTest, FindsEveryOutcomeThatTryingAllSchedulesFinds) {
    ExplorationRequest request = all(program(std::string("#include <initializer_list>\n") + kHeaders + R"(
int main() {
    int ends[2];
    (void)!pipe(ends);
    int* x = shared<int>();
    for (const char c : {'a', 'b'}) {
        if (fork() != 0) continue;
        *x = *x * 2 + (c == 'a');
        (void)!write(ends[1], &c, 1);
        _exit(c);
    }
    char got = '?';
    (void)!read(ends[0], &got, 1);
    const int now = *x;
    int status = 0;
    wait(&status);
    wait(nullptr);
    std::printf("%c %d %d %c", got, now, *x, WEXITSTATUS(status));
}
)"));
    const Exploration complete = search(request);
    request.options.preemptions = 2;
    const Exploration one_by_one = search(request);
    EXPECT_EQ(complete.report.incomplete, explore::Incomplete::kNo) << complete.report.reason;
    EXPECT_GT(complete.report.outcomes.size(), 5u);
    EXPECT_THAT(outcomes(complete), testing::UnorderedElementsAreArray(outcomes(one_by_one)));
}

// An execution leaves its name behind: the next one finds it new.
TEST_F(ExploreProcessesTest, SharedMemoryWithANameBeginsAnewInEachExecution) {
    const std::string name = "/heddle-explore-" + std::to_string(::getpid());
    const ExplorationRequest request = program("#define NAME \"" + name + "\"\n" + R"(
#include <cstdio>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main() {
    const int memory = shm_open(NAME, O_CREAT | O_RDWR, 0600);
    if (ftruncate(memory, 4096) != 0) return 1;
    auto* const count = static_cast<int*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0));
    for (int i = 0; i < 2; ++i) {
        if (fork() == 0) {
            *count = *count + 1;
            _exit(0);
        }
    }
    wait(nullptr);
    wait(nullptr);
    std::printf("%d", *count);
}
)");
    for (int time = 0; time < 2; ++time) {
        const Exploration found = search(all(request));
        EXPECT_THAT(outcomes(found), testing::UnorderedElementsAre("\"1\"", "\"2\""));
        EXPECT_THAT(kinds(found), Contains("data-race"));
    }
    ::close(::shm_open(name.c_str(), O_CREAT | O_RDWR, 0600));
    const Exploration refused = search(all(request));
    ::shm_unlink(name.c_str());
    EXPECT_EQ(refused.report.verdict, VerdictKind::kNoneBounded);
    EXPECT_THAT(refused.report.reason, HasSubstr("shm_open"));
}

TEST_F(ExploreProcessesTest, SaysWhereItMustStop) {
    const Exploration endless = [&] {
        ExplorationRequest request = program(std::string(kHeaders) + R"(
int main() {
    auto* counter = shared<volatile int>();
    if (fork() == 0) for (;;) *counter = *counter + 1;
    *counter = 5;
    wait(nullptr);
}
)");
        request.options.step_limit = 300;
        request.options.limit = 20;
        return search(all(request));
    }();
    EXPECT_EQ(endless.report.verdict, VerdictKind::kNoneBounded);
    EXPECT_EQ(endless.report.incomplete, explore::Incomplete::kStepLimit);
    const Exploration executes = search_all("if (fork() == 0) execl(\"/bin/true\", \"true\", nullptr);\nwait(nullptr);\n");
    EXPECT_EQ(executes.report.verdict, VerdictKind::kNoneBounded);
    EXPECT_THAT(executes.report.reason, HasSubstr("execl"));
    const Exploration kills_itself = search_all("kill(getpid(), SIGTERM);\n", "#include <csignal>\n");
    EXPECT_THAT(kills_itself.report.reason, HasSubstr("kill"));
}

// The schedule leads Step to the same place.
class ExploredStepTest : public StepTest {};

TEST_F(ExploredStepTest, AScheduleOfSeveralProcessesMeansTheSame) {
    const std::string source = R"(
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>
int main() {
    int ends[2];
    (void)!pipe(ends);
    if (fork() == 0) {
        close(ends[1]);
        std::puts("child");
        char got;
        while (read(ends[0], &got, 1) == 1) {}
        return 0;
    }
    (void)!write(ends[1], "x", 1);
    wait(nullptr);
}
)";
    const std::string schedule = explored(source, "deadlock").schedule;
    const SnapshotPtr now = start(source, schedule);
    EXPECT_EQ(about_to(*now, 1), "pending.wait_child_any");
    EXPECT_EQ(about_to(*now, 2), "pending.receive_pipe 3");
    EXPECT_EQ(now->step->over, "step.over_deadlock");
}

TEST_F(ExploredStepTest, AKillIsTheSameStep) {
    const std::string source = R"(
#include <cassert>
#include <csignal>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main() {
    auto* done = static_cast<int*>(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const pid_t child = fork();
    if (child == 0) {
        *done = 1;
        pause();
    }
    kill(child, SIGTERM);
    waitpid(child, nullptr, 0);
    assert(*done == 0);
}
)";
    const std::string schedule = explored(source, "assertion").schedule;
    const SnapshotPtr now = start(source, schedule);
    EXPECT_EQ(now->step->over, "step.over_assertion");
}

}  // namespace
}  // namespace heddle::session
