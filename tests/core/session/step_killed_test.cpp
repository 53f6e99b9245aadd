// Step: a process that is killed from outside while it stands at the gate.
#include <csignal>

#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

class StepKilledTest : public StepTest {
protected:
    // A parent and a child that both have some steps ahead; standing where the child is about to do the second of its own.
    SnapshotPtr start_two(const char* end_of_parent) {
        start(std::string(R"(
#include <sys/wait.h>
#include <unistd.h>
volatile int mine = 0;
int main() {
    if (fork() == 0) {
        mine = 1; mine = 2; mine = 3; mine = 4;
        _exit(0);
    }
    mine = 5; mine = 6; mine = 7;
    )") + end_of_parent +
              "}\n");
        step(1);
        return until(1, "pending.write mine");
    }
    void kill_process(model::Number thread) {
        const SnapshotPtr now = session_->snapshot();
        for (const model::ThreadView& each : now->threads) {
            if (each.number == thread) ::kill(each.pid.value, SIGKILL);
        }
    }
    SnapshotPtr without(model::Number thread) {
        return wait_for([&](const model::Snapshot& s) { return s.step && pending(s, thread) == nullptr; });
    }
    SnapshotPtr end() {
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        return wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    }
};

TEST_F(StepKilledTest, TheOneThatHasTheTurnIsNotAtTheGateAnyMoreAndTheOthersGoOn) {
    start_two("int status = 0; wait(&status); return WIFSIGNALED(status) ? WTERMSIG(status) : 1;");
    step(2);
    ASSERT_EQ(about_to(*step(2), 2), "pending.write mine");
    kill_process(2);
    const SnapshotPtr now = without(2);
    ASSERT_EQ(pending(*now, 2), nullptr);
    ASSERT_NE(pending(*now, 1), nullptr);
    EXPECT_TRUE(pending(*now, 1)->enabled);
    step(1);
    EXPECT_EQ(end()->exit.code, SIGKILL);
}

TEST_F(StepKilledTest, OneThatWaitsForItsTurnIsNotAtTheGateAnyMore) {
    start_two("int status = 0; wait(&status); return WIFSIGNALED(status) ? WTERMSIG(status) : 1;");
    step(2);
    step(1);
    kill_process(2);
    ASSERT_EQ(pending(*without(2), 2), nullptr);
    step(1);
    EXPECT_EQ(end()->exit.code, SIGKILL);
}

TEST_F(StepKilledTest, ItsChildGoesOnWithoutTheParentThatHadTheTurn) {
    start_two("wait(nullptr);");
    step(2);
    step(1);
    kill_process(1);
    const SnapshotPtr now = without(1);
    ASSERT_EQ(pending(*now, 1), nullptr);
    ASSERT_NE(pending(*now, 2), nullptr);
    EXPECT_TRUE(pending(*now, 2)->enabled);
    std::this_thread::sleep_for(std::chrono::milliseconds(2200));  // longer than the lab lets those live that stand at no gate
    EXPECT_EQ(about_to(*step(2), 2), "pending.write mine");
    const SnapshotPtr over = end();
    EXPECT_EQ(over->status, model::RunStatus::kEnded);
    EXPECT_EQ(over->exit.signal, SIGKILL);
}

// The thread that chose for the one that was killed may have made no step itself yet.
TEST_F(StepKilledTest, TheOneThatTookOverMayBeKilledToo) {
    start(R"(
#include <sys/wait.h>
#include <unistd.h>
volatile int mine = 0;
int main() {
    for (int i = 0; i < 2; ++i) {
        if (fork() != 0) continue;
        mine = 1; mine = 2; mine = 3; mine = 4;
        _exit(0);
    }
    int first = 0, second = 0;
    wait(&first);
    wait(&second);
    return WIFSIGNALED(first) && WIFSIGNALED(second) ? 5 : 1;
}
)");
    step(1);
    until(1, "pending.wait_child_any");
    step(2);
    step(3);
    kill_process(3);
    ASSERT_EQ(pending(*without(3), 3), nullptr);
    kill_process(2);
    const SnapshotPtr now = without(2);
    ASSERT_EQ(pending(*now, 2), nullptr);
    ASSERT_NE(pending(*now, 1), nullptr);
    EXPECT_TRUE(pending(*now, 1)->enabled);
    step(1);
    EXPECT_EQ(end()->exit.code, 5);
}

TEST_F(StepKilledTest, TheRunEndsWithItsOnlyProcess) {
    start("volatile int mine = 0;\nint main() { mine = 1; mine = 2; }\n");
    step(1);
    kill_process(1);
    const SnapshotPtr over = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    ASSERT_EQ(over->status, model::RunStatus::kEnded);
    EXPECT_EQ(over->exit.kind, model::ProcessExit::Kind::kSignaled);
    EXPECT_EQ(over->exit.signal, SIGKILL);
    EXPECT_EQ(over->step->over, "step.over_crash");
    EXPECT_EQ(pending(*over, 1), nullptr);
}

// Its first thread has ended, which looks like the end of the process from outside.
TEST_F(StepKilledTest, AProcessGoesOnWithoutItsFirstThread) {
    start(R"(
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
volatile int mine = 0;
void work() {
    mine = 1; mine = 2; mine = 3;
    _exit(7);
}
int main() {
    if (fork() == 0) {
        std::thread(work).detach();
        pthread_exit(nullptr);
    }
    mine = 4;
    int status = 0;
    wait(&status);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
)");
    step(1);
    until(1, "pending.write mine");
    for (int i = 0; i < 50 && pending(*session_->snapshot(), 2) != nullptr; ++i) step(2);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // more than a look
    SnapshotPtr now = until(1, "pending.wait_child_any");
    ASSERT_NE(pending(*now, 3), nullptr);
    EXPECT_TRUE(pending(*now, 3)->enabled);
    EXPECT_FALSE(pending(*now, 1)->enabled);
    EXPECT_EQ(end()->exit.code, 7);
}

}  // namespace
}  // namespace heddle::session
