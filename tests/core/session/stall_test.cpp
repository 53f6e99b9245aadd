// A run in which nothing can go on ends at once and says so; one that only looks like it goes on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <semaphore.h>
#include <unistd.h>

#include <thread>

#include "tests/core/session/session_fixture.h"

namespace heddle::session {
namespace {

using model::ProcessExit;

struct StallCase {
    const char* name;
    const char* source;  // behind the includes
    bool circle;         // and who waits for whom is a circle
};

constexpr const char* kIncludes = R"(
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <condition_variable>
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>
using namespace std::chrono_literals;
)";

class Stalls : public SessionTest, public testing::WithParamInterface<StallCase> {
protected:
    std::shared_ptr<const model::Snapshot> run_case(double limit) {
        RunRequest request = program(std::string(kIncludes) + GetParam().source);
        request.time_limit_s = limit;
        return run(std::move(request));
    }
};
std::string name_of(const testing::TestParamInfo<StallCase>& info) {
    return info.param.name;
}

class Deadlocked : public Stalls {};

TEST_P(Deadlocked, EndsLongBeforeItsTimeIsUpAndSaysWhy) {
    const auto snapshot = run_case(12);
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kStoppedByHeddle) << snapshot->failure;
    EXPECT_TRUE(has_finding(*snapshot, "nothing-goes-on"));
    EXPECT_FALSE(has_finding(*snapshot, "time-limit"));
    for (const model::Finding& finding : snapshot->findings) {
        if (finding.id != "nothing-goes-on") continue;
        ASSERT_TRUE(finding.event);
        EXPECT_LT(snapshot->log.time(*finding.event) - snapshot->start_time,
                  snapshot->live_time - snapshot->start_time - std::chrono::milliseconds(200))
            << "it shows where they began to wait";
    }
    EXPECT_EQ(has_finding(*snapshot, "deadlock"), GetParam().circle);
    EXPECT_LT(snapshot->live_time - snapshot->start_time, std::chrono::seconds(6));
}

constexpr StallCase kDeadlocked[] = {
    {"TwoMutexes", R"(
        std::mutex a, b;
        std::latch both(2);
        void take(std::mutex& first, std::mutex& second) {
            first.lock();
            both.arrive_and_wait();
            second.lock();
        }
        int main() {
            std::thread other(take, std::ref(a), std::ref(b));
            take(b, a);
        })",
     true},
    {"ItsOwnMutex", "int main() { std::mutex m; m.lock(); m.lock(); }", true},
    {"JoinsInACircle", R"(
        pthread_t first;
        void* wait_for_main(void*) { pthread_join(first, nullptr); return nullptr; }
        int main() {
            first = pthread_self();
            pthread_t other;
            pthread_create(&other, nullptr, wait_for_main, nullptr);
            pthread_join(other, nullptr);
        })",
     true},
    {"AMissingNotify", R"(
        std::mutex m;
        std::condition_variable ready;
        bool is_ready = false;
        int main() {
            std::thread waiter([] { std::unique_lock lock(m); ready.wait(lock, [] { return is_ready; }); });
            std::thread setter([] { std::scoped_lock lock(m); is_ready = true; });
            setter.join();
            std::thread late([] { std::unique_lock lock(m); ready.wait(lock, [] { return !is_ready; }); });
            late.join();
            waiter.join();
        })",
     false},
    {"ALatchThatNobodyCountsDown", "int main() { std::latch latch(1); latch.wait(); }", false},
    {"TwoProcesses", R"(
        int main() {
            auto* s = static_cast<sem_t*>(mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
            sem_init(s, 1, 0);
            if (fork() == 0) { sem_wait(s); _exit(0); }
            wait(nullptr);
        })",
     false},
};
INSTANTIATE_TEST_SUITE_P(All, Deadlocked, testing::ValuesIn(kDeadlocked), name_of);

class NotDeadlocked : public Stalls {};

TEST_P(NotDeadlocked, GoesOn) {
    const auto snapshot = run_case(12);
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kExited) << snapshot->failure;
    EXPECT_EQ(snapshot->exit.code, 7);
    EXPECT_FALSE(has_finding(*snapshot, "nothing-goes-on"));
}

// Each stands still for longer than it takes to be sure of a deadlock.
constexpr StallCase kNotDeadlocked[] = {
    {"ATimedWait", R"(
        int main() {
            std::mutex m;
            std::condition_variable never;
            std::unique_lock lock(m);
            never.wait_for(lock, 900ms, [] { return false; });
            return 7;
        })",
     false},
    {"ATimedSemaphore", R"(
        int main() {
            sem_t s;
            sem_init(&s, 0, 0);
            timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_sec += 1;
            sem_timedwait(&s, &until);
            return 7;
        })",
     false},
    {"SomebodySleeps", R"(
        std::mutex m;
        int main() {
            m.lock();
            std::thread waiter([] { std::scoped_lock lock(m); });
            std::this_thread::sleep_for(900ms);
            m.unlock();
            waiter.join();
            return 7;
        })",
     false},
    {"ASignalsHandlerPosts", R"(
        sem_t s;
        int main() {
            sem_init(&s, 0, 0);
            signal(SIGALRM, [](int) { sem_post(&s); });
            alarm(1);
            while (sem_wait(&s) != 0) {}
            return 7;
        })",
     false},
    {"AnAlarmEndsTheChild", R"(
        int main() {
            if (fork() == 0) {
                sem_t s;
                sem_init(&s, 0, 0);
                alarm(1);
                sem_wait(&s);
            }
            int status = 0;
            wait(&status);
            return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? 7 : 1;
        })",
     false},
    {"ASignalThatIsWaitedFor", R"(
        sem_t s;
        int main() {
            sem_init(&s, 0, 0);
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGALRM);
            pthread_sigmask(SIG_BLOCK, &set, nullptr);
            std::thread receiver([&] { int got; sigwait(&set, &got); sem_post(&s); });
            alarm(1);
            sem_wait(&s);
            receiver.join();
            return 7;
        })",
     false},
    {"AReadFromAChild", R"(
        int main() {
            int ends[2];
            pipe(ends);
            if (fork() == 0) { usleep(900000); write(ends[1], "x", 1); _exit(0); }
            char c;
            std::mutex m;
            m.lock();
            std::thread waiter([&] { m.lock(); });
            read(ends[0], &c, 1);
            m.unlock();
            waiter.join();
            wait(nullptr);
            return 7;
        })",
     false},
    {"AThreadThatTheLogDoesNotKnow", R"(
        #include <sched.h>
        #include <linux/futex.h>
        #include <sys/syscall.h>
        sem_t s;
        alignas(16) char stack[65536];
        int run(void*) {
            timespec nap{0, 900000000};
            syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &nap, nullptr);
            sem_post(&s);
            syscall(SYS_exit, 0);
            return 0;
        }
        int main() {
            sem_init(&s, 0, 0);
            clone(run, stack + sizeof stack, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, nullptr);
            sem_wait(&s);
            return 7;
        })",
     false},
};
INSTANTIATE_TEST_SUITE_P(All, NotDeadlocked, testing::ValuesIn(kNotDeadlocked), name_of);

// Somebody outside may know a semaphore that has a name.
TEST_F(SessionTest, ANamedSemaphoreMayBePostedFromOutside) {
    const std::string name = "/heddle-stall-" + std::to_string(::getpid());
    auto session = Session::start(program(std::string(kIncludes) + "int main() { sem_t* s = sem_open(\"" + name +
                                          "\", O_CREAT, 0600, 0); sem_wait(s); sem_unlink(\"" + name + "\"); return 7; }"));
    ASSERT_TRUE(session);
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    sem_t* const semaphore = ::sem_open(name.c_str(), O_CREAT, 0600, 0);
    ASSERT_NE(semaphore, SEM_FAILED);
    ::sem_post(semaphore);
    const auto snapshot = (*session)->wait();
    ::sem_close(semaphore);
    ::sem_unlink(name.c_str());
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kExited);
    EXPECT_EQ(snapshot->exit.code, 7);
}

}  // namespace
}  // namespace heddle::session
