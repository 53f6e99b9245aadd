// Step: signal handlers with hooks, in threads that wait for their turn.
#include <signal.h>

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

// It comes to the first thread, from a shell for one, while all stand still: nobody has to move for it to be seen.
constexpr char kDisturbed[] = R"(
#include <csignal>
#include <thread>
#include <unistd.h>
volatile int handled = 0, quietly = 0;
int count = 0, other_count = 0;
void handler(int) { handled = handled + 1; }
__attribute__((no_sanitize_thread)) void quiet(int) { quietly = 1; }
void work() {
    for (int i = 0; i < 20; ++i) other_count = other_count + 1;
}
int main() {
    signal(SIGUSR1, handler);
    std::thread other(work);
    MAIN;
    other.join();
    return handled + 10 * quietly;
}
)";

class StepDisturbedTest : public StepSignalsTest {
protected:
    void start_with(const std::string& in_main) {
        start("#define MAIN " + in_main + "\n" + kDisturbed);
        until(1, "pending.create");
        step(1);
    }
    SnapshotPtr disturb() {
        const SnapshotPtr before = session_->snapshot();
        const std::size_t steps = before->step->steps;
        ::kill(before->processes.front().pid.value, SIGUSR1);
        const SnapshotPtr now = wait_for([](const model::Snapshot& s) { return about_to(s, 1) == "pending.read handled"; });
        EXPECT_EQ(about_to(*now, 1), "pending.read handled");
        EXPECT_EQ(now->step->steps, steps) << "nobody has moved";
        EXPECT_TRUE(now->step->standing);
        return now;
    }
    // Through the handler, up to what it interrupted.
    SnapshotPtr finish_handler() {
        EXPECT_EQ(about_to(*step(1), 1), "pending.write handled");
        return step(1);
    }
};

TEST_F(StepDisturbedTest, ASignalThatComesToAThreadThatWaitsForItsTurnIsSeenAtOnce) {
    start_with("for (int i = 0; i < 20; ++i) count = count + 1");
    until(1, "pending.read count");
    until(2, "pending.write other_count");
    disturb();
    EXPECT_EQ(about_to(*finish_handler(), 1), "pending.read count");
    EXPECT_EQ(play(model::StepPolicy::kTurns)->exit.code, 1);
}

TEST_F(StepDisturbedTest, ASignalThatComesToTheThreadThatMovedLastIsSeenAtOnce) {
    start_with("for (int i = 0; i < 20; ++i) count = count + 1");
    until(2, "pending.read other_count");
    until(1, "pending.write count");
    for (int time = 0; time < 3; ++time) {
        disturb();
        EXPECT_EQ(about_to(*step(2), 1), "pending.read handled");
        EXPECT_EQ(about_to(*finish_handler(), 1), "pending.write count");
    }
    EXPECT_EQ(play(model::StepPolicy::kTurns)->exit.code, 3);
}

TEST_F(StepDisturbedTest, ASignalThatComesIntoACallIsSeenAtOnceAndEndsTheCall) {
    for (const bool moved_last : {true, false}) {
        start_with("pause()");
        until(2, "pending.read other_count");
        until(1, "pending.outside");
        if (!moved_last) step(2);
        disturb();
        finish_handler();
        const SnapshotPtr back = wait_for([](const model::Snapshot& s) { return about_to(s, 1) == "pending.interrupted"; });
        EXPECT_EQ(about_to(*back, 1), "pending.interrupted");
        EXPECT_EQ(about_to(*step(1), 1), "pending.join T2");
        EXPECT_EQ(play(model::StepPolicy::kRunOn)->exit.code, 1);
    }
}

// The handler comes to no hook: nothing of it is a step, and nothing is lost.
TEST_F(StepDisturbedTest, AHandlerWithoutHooksPassesUnseen) {
    start_with("signal(SIGUSR2, quiet); for (int i = 0; i < 20; ++i) count = count + 1");
    until(2, "pending.read other_count");
    const SnapshotPtr before = until(1, "pending.write count");
    ::kill(before->processes.front().pid.value, SIGUSR2);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(about_to(*step(1), 1), "pending.read count");
    EXPECT_EQ(play(model::StepPolicy::kRunOn)->exit.code, 10);
}

// What the gate does while a thread stands there is not seen in errno.
TEST_F(StepSignalsTest, AThreadFindsItsErrnoAsItLeftIt) {
    start(R"(
#include <cerrno>
int value = 0;
int main() {
    errno = 77;
    value = 1;
    return errno;
}
)");
    until(1, "pending.write value");
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    EXPECT_EQ(play(model::StepPolicy::kRunOn)->exit.code, 77);
}

// Whether the handler came before the permit or after it.
TEST_F(StepSignalsTest, TheSameScheduleIsTheSameRunAlsoWithAHandler) {
    constexpr char kSource[] = R"(
#include <csignal>
#include <pthread.h>
#include <semaphore.h>
#include <thread>
sem_t permits;
volatile int handled = 0;
void handler(int) { handled = 1; }
int main() {
    sem_init(&permits, 0, 0);
    struct sigaction action{};
    action.sa_handler = handler;
    sigaction(SIGUSR1, &action, nullptr);
    std::thread other([waiting = pthread_self()] {
        pthread_kill(waiting, SIGUSR1);
        sem_post(&permits);
    });
    const bool interrupted = sem_wait(&permits) != 0;
    other.join();
    return 10 * interrupted + handled;
}
)";
    start(kSource);
    until(1, "pending.acquire_permit permits");
    until(2, "pending.release_permit permits");
    step(2);
    SnapshotPtr now = until(1, "pending.interrupted permits");
    ASSERT_EQ(about_to(*now, 1), "pending.interrupted permits");
    const std::string schedule = now->step->schedule;
    for (int time = 0; time < 5; ++time) {
        now = start(kSource, schedule);
        EXPECT_EQ(about_to(*now, 1), "pending.interrupted permits");
        EXPECT_EQ(now->step->schedule, schedule);
    }
    EXPECT_EQ(play(model::StepPolicy::kRunOn)->exit.code, 11);
}

// It lets a signal come only while it waits.
TEST_F(StepSignalsTest, AMaskThatACallSetsWhileItWaitsLetsTheSignalCome) {
    start(R"(
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <pthread.h>
#include <thread>
volatile int handled = 0;
void handler(int) { handled = 1; }
int main() {
    signal(SIGUSR1, handler);
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    std::thread other([to = pthread_self()] { pthread_kill(to, SIGUSR1); });
    const int result = ppoll(nullptr, 0, nullptr, &before);
    const bool interrupted = result < 0 && errno == EINTR;
    other.join();
    return 10 * interrupted + handled;
}
)");
    EXPECT_EQ(play(model::StepPolicy::kTurns)->exit.code, 11);
}

// A handler runs while its thread waits for a lock or on a condition variable, and the wait goes on.
TEST_F(StepSignalsTest, AWaitOnAConditionVariableGoesOnBehindAHandler) {
    start(R"(
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <pthread.h>
#include <thread>
std::mutex m;
std::condition_variable changed;
bool ready = false;
volatile int handled = 0;
void handler(int) { handled = 1; }
int main() {
    struct sigaction action{};
    action.sa_handler = handler;
    sigaction(SIGUSR1, &action, nullptr);
    std::thread other([] {
        std::unique_lock guard(m);
        while (!ready) changed.wait(guard);
    });
    m.lock();
    pthread_kill(other.native_handle(), SIGUSR1);
    ready = true;
    changed.notify_one();
    m.unlock();
    other.join();
    return 5 + handled;
}
)");
    until(1, "pending.lock m");
    SnapshotPtr now = until(2, "pending.wait changed");
    now = step(2);
    ASSERT_EQ(about_to(*now, 2), "pending.lock_again m");
    EXPECT_FALSE(pending(*now, 2)->enabled);
    step(1);
    now = wait_for([](const model::Snapshot& s) { return about_to(s, 2) == "pending.write handled"; });
    ASSERT_EQ(about_to(*now, 2), "pending.write handled");
    EXPECT_TRUE(pending(*now, 2)->enabled);
    // The signal of the condition variable comes to it in the handler.
    now = until(1, "pending.unlock m");
    now = step(2);
    ASSERT_EQ(about_to(*now, 2), "pending.lock_again m");
    EXPECT_FALSE(pending(*now, 2)->enabled) << "T1 holds it";
    now = step(1);
    EXPECT_TRUE(pending(*now, 2)->enabled);
    EXPECT_EQ(play(model::StepPolicy::kRunOn)->exit.code, 6);
}

}  // namespace
}  // namespace heddle::session
