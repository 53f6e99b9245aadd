// Step: threads that come to no hook, in calls that are no operations or in code without hooks.
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using StepOutsideTest = StepTest;

TEST_F(StepOutsideTest, ACallThatIsNotModelledIsNamedAndKeepsNobody) {
    const std::string file = (folder_ / "locked").string();
    start("#define LOCKED \"" + file + "\"\n" + R"(
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
int first, second;
int order = 0;
void locker() {
    syscall(SYS_flock, second, LOCK_EX);
    order = order * 10 + 2;
}
int main() {
    first = open(LOCKED, O_RDWR | O_CREAT, 0600);
    second = open(LOCKED, O_RDWR);
    flock(first, LOCK_EX);
    std::thread other(locker);
    order = 1;
    flock(first, LOCK_UN);
    other.join();
    return order;
}
)");
    until(1, "pending.write order");
    SnapshotPtr now = until(2, "pending.read second");
    ASSERT_EQ(about_to(*now, 2), "pending.read second");
    now = step(2);
    ASSERT_NE(pending(*now, 2), nullptr);
    EXPECT_FALSE(pending(*now, 2)->enabled);
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.in_call");
    EXPECT_EQ(pending(*now, 2)->obstacle.arguments.at("call"), "flock");
    EXPECT_EQ(pending(*now, 2)->obstacle.arguments.at("state"), "S");
    EXPECT_TRUE(pending(*now, 1)->enabled);
    now = until(1, "pending.join T2");
    const SnapshotPtr back = wait_for([](const model::Snapshot& s) { return pending(s, 2) && pending(s, 2)->enabled; });
    EXPECT_EQ(about_to(*back, 2), "pending.read order");
    until(2, "nothing");
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 12);
}

// The step that is still under way then is made, but whoever has gone to look at another one stays there.
TEST_F(StepOutsideTest, AStepThatComesLateLeavesTheLearnerWhereItLooks) {
    start(R"(
int before = 0, behind = 0;
__attribute__((no_sanitize_thread)) void compute() {
    for (volatile long i = 0; i < 50'000'000; i = i + 1) {}
}
int main() {
    before = 1;
    compute();
    behind = 1;
}
)");
    const SnapshotPtr now = until(1, "pending.write before");
    session_->post(model::StepThread{1});
    session_->post(model::GoToStart{});
    const SnapshotPtr made =
        wait_for([&](const model::Snapshot& s) { return s.step->steps > now->step->steps && s.step->standing; });
    EXPECT_GT(made->step->steps, now->step->steps);
    EXPECT_EQ(made->step->step, 0u);
    session_->post(model::GoToLive{});
    const SnapshotPtr live = wait_for([](const model::Snapshot& s) { return s.step->step == s.step->steps; });
    EXPECT_GT(live->step->step, 0u);
}

TEST_F(StepOutsideTest, AThreadThatComputesWithoutHooksKeepsNobody) {
    start(R"(
#include <thread>
volatile bool stop = false;
int result = 0;
__attribute__((no_sanitize_thread)) void spin() { while (!stop) {} }
void work() {
    spin();
    result = 5;
}
int main() {
    std::thread other(work);
    result = 1;
    stop = true;
    other.join();
    return result;
}
)");
    until(1, "pending.write result");
    SnapshotPtr now = session_->snapshot();
    for (int i = 0; i < 100 && (pending(*now, 2) == nullptr || pending(*now, 2)->enabled); ++i) now = step(2);
    ASSERT_NE(pending(*now, 2), nullptr);
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.computes");
    EXPECT_EQ(pending(*now, 2)->obstacle.arguments.at("state"), "R");
    until(1, "pending.join T2");
    const SnapshotPtr back = wait_for([](const model::Snapshot& s) { return pending(s, 2) && pending(s, 2)->enabled; });
    EXPECT_EQ(about_to(*back, 2), "pending.write result");
    until(2, "nothing");
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 5);
}

// Calls that give their turn away by themselves: a signal and a message that another thread sends.
TEST_F(StepOutsideTest, WaitsForSignalsAndMessages) {
    start(R"(
#include <csignal>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>
mqd_t queue;
int got = 0;
sigset_t awaited;
void waiter() {
    int signal = 0;
    sigwait(&awaited, &signal);
    char text[8];
    mq_receive(queue, text, sizeof text, nullptr);
    got = signal == SIGUSR1 ? text[0] : 1;
}
int main() {
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
    const std::string name = "/heddle-step-" + std::to_string(getpid());
    mq_attr attributes{};
    attributes.mq_maxmsg = 1;
    attributes.mq_msgsize = 8;
    queue = mq_open(name.c_str(), O_RDWR | O_CREAT, 0600, &attributes);
    mq_unlink(name.c_str());
    std::thread other(waiter);
    pthread_kill(other.native_handle(), SIGUSR1);
    mq_send(queue, "m", 1, 0);
    other.join();
    return got;
}
)");
    session_->post(model::SetPolicy{model::StepPolicy::kTurns});
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 'm');
}

}  // namespace
}  // namespace heddle::session
