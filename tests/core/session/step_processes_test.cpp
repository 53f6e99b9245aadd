// Step: the processes of a program that forks stand at one gate.
#include <csignal>

#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

class StepProcessesTest : public StepTest {
protected:
    SnapshotPtr play(model::StepPolicy policy) {
        session_->post(model::SetPolicy{policy});
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        return wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    }
    static std::string standing(const model::Snapshot& snapshot) {
        std::string text = snapshot.step ? snapshot.step->over : "no step";
        for (const model::PendingView& each : snapshot.step->pending) {
            text +=
                " T" + std::to_string(each.thread) + " " + about_to(snapshot, each.thread) + (each.enabled ? ";" : " (waits);");
        }
        return text;
    }
};

constexpr char kPipeline[] = R"(
#include <sys/wait.h>
#include <unistd.h>
int ends[2];
int value = 1;
int main() {
    (void)!pipe(ends);
    const pid_t child = fork();
    if (child == 0) {
        value = 5;
        (void)!write(ends[1], "x", 1);
        _exit(value);
    }
    char got = 0;
    (void)!read(ends[0], &got, 1);
    int status = 0;
    waitpid(child, &status, 0);
    return got == 'x' ? WEXITSTATUS(status) + value : 0;
}
)";

TEST_F(StepProcessesTest, AChildStandsAtTheGateAndMovesWhenItIsChosen) {
    start(kPipeline);
    SnapshotPtr now = until(1, "pending.fork");
    now = step(1);
    now = until(1, "pending.receive_pipe 3");
    ASSERT_EQ(now->processes.size(), 2u);
    ASSERT_EQ(about_to(*now, 2), "pending.start") << standing(*now);
    EXPECT_TRUE(pending(*now, 2)->enabled);
    EXPECT_FALSE(pending(*now, 1)->enabled);
    now = until(2, "pending.write value");
    EXPECT_EQ(about_to(*now, 2), "pending.write value") << standing(*now);
    EXPECT_FALSE(pending(*now, 1)->enabled);
    now = until(2, "pending.send_pipe 4");
    EXPECT_FALSE(pending(*now, 1)->enabled);
    now = step(2);
    EXPECT_TRUE(pending(*now, 1)->enabled) << standing(*now);
    // The parent has not come to read it: the child ends first.
    now = until(2, "pending.exit");
    EXPECT_EQ(about_to(*now, 2), "pending.exit") << standing(*now);
    now = step(2);
    EXPECT_EQ(about_to(*now, 2), "nothing") << standing(*now);
    now = until(1, "pending.wait_child P2");
    ASSERT_EQ(about_to(*now, 1), "pending.wait_child P2") << standing(*now);
    EXPECT_TRUE(pending(*now, 1)->enabled) << standing(*now);
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 6);
    // The schedule leads to the same place.
    const std::string schedule = now->step->schedule;
    const std::string there = standing(*now);
    now = start(kPipeline, schedule);
    EXPECT_EQ(standing(*now), there) << schedule << "; went " << now->step->schedule;
}

TEST_F(StepProcessesTest, AParentThatWaitsForAChildThatWaitsForItIsADeadlock) {
    start(R"(
#include <sys/wait.h>
#include <unistd.h>
int main() {
    int ends[2];
    (void)!pipe(ends);
    if (fork() == 0) {
        char got;
        (void)!read(ends[0], &got, 1);
        _exit(0);
    }
    wait(nullptr);
}
)");
    const SnapshotPtr now = [&] {
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        return wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    }();
    EXPECT_EQ(now->step->over, "step.over_deadlock") << standing(*now);
    EXPECT_EQ(about_to(*now, 1), "pending.wait_child_any");
    EXPECT_EQ(about_to(*now, 2), "pending.receive_pipe 3");
}

// Whatever the policy: a shared semaphore and a shared mutex, a child of a child, exec, and a child that crashes.
TEST_F(StepProcessesTest, CarriesWhatProcessesShare) {
    for (const model::StepPolicy policy :
         {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom, model::StepPolicy::kPriorities}) {
        start(R"(
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct Shared { sem_t permits; pthread_mutex_t lock; pthread_cond_t changed; int sum; };
int main() {
    auto* shared = static_cast<Shared*>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    sem_init(&shared->permits, 1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->lock, &attributes);
    pthread_condattr_t condition;
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&shared->changed, &condition);
    for (int i = 0; i < 2; ++i) {
        if (fork() != 0) continue;
        if (fork() == 0) {
            sem_wait(&shared->permits);
            _exit(0);
        }
        pthread_mutex_lock(&shared->lock);
        ++shared->sum;
        pthread_cond_signal(&shared->changed);
        pthread_mutex_unlock(&shared->lock);
        wait(nullptr);
        _exit(0);
    }
    pthread_mutex_lock(&shared->lock);
    while (shared->sum < 2) pthread_cond_wait(&shared->changed, &shared->lock);
    pthread_mutex_unlock(&shared->lock);
    sem_post(&shared->permits);
    sem_post(&shared->permits);
    while (wait(nullptr) > 0) {}
    return shared->sum;
}
)");
        const SnapshotPtr end = play(policy);
        EXPECT_EQ(end->status, model::RunStatus::kEnded) << static_cast<int>(policy) << " " << standing(*end);
        EXPECT_EQ(end->exit.code, 2) << static_cast<int>(policy);
        EXPECT_EQ(end->processes.size(), 5u);
    }
}

TEST_F(StepProcessesTest, LetsTheOthersGoOnWhenAChildExecutesCrashesOrIsKilled) {
    for (const model::StepPolicy policy : {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom}) {
        start(R"(
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
int* volatile nowhere = nullptr;
int main() {
    const pid_t executes = fork();
    if (executes == 0) { execl("/bin/sh", "sh", "-c", "exit 4", static_cast<char*>(nullptr)); _exit(9); }
    const pid_t crashes = fork();
    if (crashes == 0) *nowhere = 1;
    const pid_t killed = fork();
    if (killed == 0) for (volatile int i = 0;;) i = i + 1;
    const pid_t kills_itself = fork();
    if (kills_itself == 0) raise(SIGKILL);
    kill(killed, SIGKILL);
    int a = 0, b = 0, c = 0, d = 0;
    waitpid(executes, &a, 0);
    waitpid(crashes, &b, 0);
    waitpid(killed, &c, 0);
    waitpid(kills_itself, &d, 0);
    return WEXITSTATUS(a) == 4 && WTERMSIG(b) == SIGSEGV && WTERMSIG(c) == SIGKILL && WTERMSIG(d) == SIGKILL ? 3 : 1;
}
)");
        const SnapshotPtr end = play(policy);
        EXPECT_EQ(end->status, model::RunStatus::kEnded) << static_cast<int>(policy) << " " << standing(*end);
        EXPECT_EQ(end->exit.code, 3) << static_cast<int>(policy);
    }
}

// The program's first process ends before its child.
TEST_F(StepProcessesTest, AChildOutlivesItsParent) {
    start(R"(
#include <unistd.h>
int ends[2];
int main() {
    (void)!pipe(ends);
    if (fork() != 0) return 5;
    char got;
    close(ends[1]);
    (void)!read(ends[0], &got, 1);
    _exit(0);
}
)");
    const SnapshotPtr end = play(model::StepPolicy::kRunOn);
    EXPECT_EQ(end->status, model::RunStatus::kEnded) << standing(*end);
    EXPECT_EQ(end->exit.code, 5);
}

}  // namespace
}  // namespace heddle::session
