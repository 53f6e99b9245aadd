// Step: signal handlers with hooks, in threads that wait for their turn.
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

class StepSignalsTest : public StepTest {
protected:
    SnapshotPtr play(model::StepPolicy policy) {
        session_->post(model::SetPolicy{policy});
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        return wait_for([](const model::Snapshot& s) {
            return s.status == model::RunStatus::kEnded || (s.step && s.step->over == "step.over_deadlock");
        });
    }
};

// T1 sends T2 a signal while T2 waits for its turn, right before it takes a lock that T1 holds.
constexpr char kSignalled[] = R"(
#include <csignal>
#include <pthread.h>
#include <mutex>
#include <thread>
std::mutex m;
volatile int handled = 0;
int order = 0;
void handler(int) {
    handled = 1;
    handled = handled + 1;
}
void work() {
    m.lock();
    order = order * 10 + 2;
    m.unlock();
}
int main() {
    signal(SIGUSR1, handler);
    m.lock();
    std::thread other(work);
    order = 3;
    pthread_kill(other.native_handle(), SIGUSR1);
    for (int i = 0; i < 1000; ++i) order = 1;
    m.unlock();
    other.join();
    return order + handled * 100;
}
)";

TEST_F(StepSignalsTest, AHandlersHooksAreStepsOfItsThreadAndWhatItInterruptedComesBack) {
    start(kSignalled);
    // Bounded: a step that does not come takes ten seconds.
    const auto steps_until = [&](model::Number thread, const std::string& operation) {
        SnapshotPtr now = session_->snapshot();
        for (int i = 0; i < 12 && about_to(*now, thread) != operation && !HasFailure(); ++i) now = step(thread);
        return now;
    };
    steps_until(1, "pending.create");
    step(1);
    SnapshotPtr now = steps_until(2, "pending.lock m");
    ASSERT_EQ(about_to(*now, 2), "pending.lock m");
    EXPECT_FALSE(pending(*now, 2)->enabled);
    now = steps_until(1, "pending.write order");
    ASSERT_EQ(about_to(*now, 1), "pending.write order");
    step(1);
    // The signal comes when the kernel sends it, and what the handler is about to do is seen when somebody moves.
    for (int i = 0; i < 900 && about_to(*now, 2) != "pending.write handled" && !HasFailure(); ++i) now = step(1);
    ASSERT_EQ(about_to(*now, 2), "pending.write handled");
    EXPECT_TRUE(pending(*now, 2)->enabled);
    now = step(2);
    ASSERT_EQ(about_to(*now, 2), "pending.read handled");
    now = step(2);
    ASSERT_EQ(about_to(*now, 2), "pending.write handled");
    now = step(2);
    ASSERT_EQ(about_to(*now, 2), "pending.lock m") << "what the signal interrupted";
    EXPECT_FALSE(pending(*now, 2)->enabled);
    const SnapshotPtr end = play(model::StepPolicy::kRunOn);
    EXPECT_EQ(end->status, model::RunStatus::kEnded) << end->step->over;
    EXPECT_EQ(end->exit.code, 212);
}

TEST_F(StepSignalsTest, SignalsLeaveTheTurnsInOrderWhateverThePolicy) {
    for (const model::StepPolicy policy :
         {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom, model::StepPolicy::kPriorities}) {
        start(R"(
#include <csignal>
#include <pthread.h>
#include <atomic>
#include <mutex>
#include <semaphore.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
std::mutex m;
std::atomic<int> handled = 0;
sem_t stay;
int count = 0;
void handler(int) { ++handled; }
void work() {
    for (int i = 0; i < 5; ++i) {
        std::lock_guard<std::mutex> guard(m);
        ++count;
    }
}
int main() {
    signal(SIGUSR1, handler);
    signal(SIGALRM, handler);
    sem_init(&stay, 0, 0);
    const auto work_and_stay = [] { work(), sem_wait(&stay); };
    std::thread one(work_and_stay), two(work_and_stay);
    pthread_kill(one.native_handle(), SIGUSR1);
    work();
    pthread_kill(two.native_handle(), SIGUSR1);
    raise(SIGALRM);
    sem_post(&stay);
    sem_post(&stay);
    one.join();
    two.join();
    const pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 10; ++i) count = count + 1;
        _exit(0);
    }
    kill(getpid(), SIGUSR1);
    kill(child, SIGUSR1);
    waitpid(child, nullptr, 0);
    return count + 100 * (handled == 4);
}
)");
        const SnapshotPtr end = play(policy);
        EXPECT_EQ(end->status, model::RunStatus::kEnded) << static_cast<int>(policy) << " " << end->step->over;
        EXPECT_EQ(end->exit.code, 115) << static_cast<int>(policy);
    }
}

// Nobody else can go on by then: that is no deadlock.
TEST_F(StepSignalsTest, AHandlerMayLetItsOwnThreadGoOn) {
    for (const model::StepPolicy policy : {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom}) {
        start(R"(
#include <csignal>
#include <pthread.h>
#include <semaphore.h>
#include <thread>
sem_t permits;
void handler(int) { sem_post(&permits); }
int main() {
    signal(SIGUSR1, handler);
    sem_init(&permits, 0, 0);
    std::thread other([] { sem_wait(&permits); });
    pthread_kill(other.native_handle(), SIGUSR1);
    other.join();
    return 3;
}
)");
        const SnapshotPtr end = play(policy);
        EXPECT_EQ(end->status, model::RunStatus::kEnded) << static_cast<int>(policy) << " " << end->step->over;
        EXPECT_EQ(end->exit.code, 3) << static_cast<int>(policy);
    }
}

// From outside the program, while all stand still.
TEST_F(StepSignalsTest, AnAlarmThatComesWhileAllStandStillWaitsForItsTurn) {
    start(R"(
#include <csignal>
#include <sys/time.h>
volatile int handled = 0;
volatile int count = 0;
void handler(int) { handled = handled + 1; }
int main() {
    signal(SIGALRM, handler);
    const itimerval soon{{0, 0}, {0, 20000}};
    setitimer(ITIMER_REAL, &soon, nullptr);
    for (int i = 0; i < 20; ++i) count = count + 1;
    return count + handled;
}
)");
    until(1, "pending.read count");
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    const SnapshotPtr end = play(model::StepPolicy::kRunOn);
    EXPECT_EQ(end->status, model::RunStatus::kEnded) << end->step->over;
    EXPECT_EQ(end->exit.code, 21);
}

}  // namespace
}  // namespace heddle::session
