// Step: what a signal's handler does to a wait that it interrupts, as the kernel has it (man 7 signal).
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

// CALL waits in the main thread, until another thread sends it a signal; then RELEASE lets it go on, where it does. Ends with
// 4 where the call failed with EINTR, with 3 where it went on.
constexpr char kInterrupted[] = R"(
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
volatile int handled = 0;
void handler(int) { handled = 1; }
sem_t permits;
int word = 0, ends[2], listener, client, epoll;
pid_t child;
char byte = 0;
timespec soon() {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    return {time.tv_sec + 1, time.tv_nsec};
}
void let_read() { (void)!write(ends[1], "x", 1); }
void make_pair() { socketpair(AF_UNIX, SOCK_STREAM, 0, ends); }
void make_pipe() { (void)!pipe(ends); }
pollfd one() { return {ends[0], POLLIN, 0}; }
int wait_in_select(timeval* most) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    return select(ends[0] + 1, &set, nullptr, nullptr, most);
}
int wait_in_poll(int most) {
    pollfd each = one();
    return poll(&each, 1, most);
}
int wait_in_epoll() {
    epoll_event event{};
    event.events = EPOLLIN;
    epoll = epoll_create1(0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event);
    return epoll_wait(epoll, &event, 1, -1);
}
sockaddr_in place{};
void listen_there() {
    socklen_t bytes = sizeof place;
    listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    place.sin_family = AF_INET, place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, reinterpret_cast<sockaddr*>(&place), bytes);
    listen(listener, 1);
    getsockname(listener, reinterpret_cast<sockaddr*>(&place), &bytes);
}
void limit() {
    make_pair();
    const timeval most{1, 0};
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
}
void make_child() {
    make_pipe();
    child = fork();
    if (child != 0) return;
    (void)!read(ends[0], &byte, 1);
    _exit(0);
}
int main() {
    sem_init(&permits, 0, 0);
    PREPARE;
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = FLAGS;
    sigaction(SIGUSR1, &action, nullptr);
    std::thread other([waiting = pthread_self()] {
        usleep(100000);
        pthread_kill(waiting, SIGUSR1);
        usleep(100000);
        RELEASE;
    });
    const int result = static_cast<int>(CALL);
    const int error = result < 0 ? errno : 0;
    other.join();
    return handled == 0 ? 1 : error == EINTR ? 4 : 3;
}
)";

struct WaitingCall {
    const char *name, *prepare, *call, *release, *pending;
    bool restarted = true;  // with SA_RESTART
};

class StepEintrTest : public StepTest, public testing::WithParamInterface<std::tuple<WaitingCall, bool>> {
protected:
    static std::string source() {
        const WaitingCall& one = std::get<0>(GetParam());
        const auto define = [](const char* name, const std::string& what) {
            return std::string("#define ") + name + " " + what + "\n";
        };
        return define("PREPARE", one.prepare) + define("CALL", one.call) + define("RELEASE", one.release) +
               define("FLAGS", std::get<1>(GetParam()) ? "SA_RESTART" : "0") + kInterrupted;
    }
    static bool fails() { return !(std::get<0>(GetParam()).restarted && std::get<1>(GetParam())); }
    // Without what it is done to.
    static std::string kind_of_next(const model::Snapshot& snapshot, model::Number thread) {
        const model::PendingView* const view = pending(snapshot, thread);
        return view == nullptr ? "nothing" : view->what.key;
    }
    // The thread that sends the signal: where there is a child, that came before it.
    static model::Number sender(const model::Snapshot& now) {
        return static_cast<model::Number>(now.processes.size() > 1 ? 3 : 2);
    }
};

TEST_P(StepEintrTest, EndsAsOnTheKernel) {
    const std::string wait = std::get<0>(GetParam()).pending;
    const int expected = fails() ? 4 : 3;
    EXPECT_EQ(run(program(source()))->exit.code, expected) << "without Heddle's gate";
    start(source());
    SnapshotPtr now = until(1, "pending.create");
    now = step(1);
    for (int i = 0; i < 100 && kind_of_next(*now, 1) != wait && !HasFailure(); ++i) now = step(1);
    ASSERT_EQ(kind_of_next(*now, 1), wait);
    const model::Number other = sender(*now);
    // From one sleep to the next it sends the signal.
    for (int i = 0; i < 20 && kind_of_next(*now, other) != "pending.sleep" && !HasFailure(); ++i) now = step(other);
    now = step(other);
    for (int i = 0; i < 20 && kind_of_next(*now, other) != "pending.sleep" && !HasFailure(); ++i) now = step(other);
    now = wait_for([](const model::Snapshot& s) { return about_to(s, 1) == "pending.write handled"; });
    ASSERT_EQ(about_to(*now, 1), "pending.write handled");
    EXPECT_TRUE(pending(*now, 1)->enabled);
    now = step(1);
    EXPECT_EQ(kind_of_next(*now, 1), fails() ? "pending.interrupted" : wait);
    if (fails()) {
        EXPECT_TRUE(pending(*now, 1)->enabled);
        now = step(1);
        EXPECT_NE(kind_of_next(*now, 1), wait);
    }
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) {
        return s.status == model::RunStatus::kEnded || (s.step && s.step->over == "step.over_deadlock");
    });
    EXPECT_EQ(end->status, model::RunStatus::kEnded) << end->step->over;
    EXPECT_EQ(end->exit.code, expected);
}

INSTANTIATE_TEST_SUITE_P(
    EachCall, StepEintrTest,
    testing::Combine(
        testing::Values(
            WaitingCall{"sem_wait", "", "sem_wait(&permits)", "sem_post(&permits)", "pending.acquire_permit"},
            WaitingCall{"sem_timedwait", "const timespec until = soon()", "sem_timedwait(&permits, &until)",
                        "sem_post(&permits)", "pending.try_acquire_permit", false},
            WaitingCall{"futex", "", "syscall(SYS_futex, &word, FUTEX_WAIT, 0, nullptr)",
                        "word = 1; syscall(SYS_futex, &word, FUTEX_WAKE, 1)", "pending.futex_resume"},
            WaitingCall{"read", "make_pipe()", "read(ends[0], &byte, 1)", "let_read()", "pending.receive_pipe"},
            WaitingCall{"recv", "make_pair()", "recv(ends[0], &byte, 1, 0)", "let_read()", "pending.receive_socket"},
            WaitingCall{"recv_with_limit", "limit()", "recv(ends[0], &byte, 1, 0)", "let_read()", "pending.receive_socket",
                        false},
            WaitingCall{"accept", "listen_there()", "accept(listener, nullptr, nullptr)",
                        "connect(client, reinterpret_cast<sockaddr*>(&place), sizeof place)", "pending.accept"},
            WaitingCall{"poll", "make_pipe()", "wait_in_poll(-1)", "let_read()", "pending.poll", false},
            WaitingCall{"poll_for_some_time", "make_pipe()", "wait_in_poll(1000)", "let_read()", "pending.poll", false},
            WaitingCall{"select", "make_pipe()", "wait_in_select(nullptr)", "let_read()", "pending.poll", false},
            WaitingCall{"epoll_wait", "make_pipe()", "wait_in_epoll()", "let_read()", "pending.poll", false},
            WaitingCall{"nanosleep", "const timespec span{1, 0}", "nanosleep(&span, nullptr)", "", "pending.sleep", false},
            WaitingCall{"waitpid", "make_child()", "waitpid(child, nullptr, 0)", "let_read()", "pending.wait_child"}),
        testing::Bool()),
    [](const testing::TestParamInfo<std::tuple<WaitingCall, bool>>& one) {
        return std::string(std::get<0>(one.param).name) + (std::get<1>(one.param) ? "_restarted" : "");
    });

}  // namespace
}  // namespace heddle::session
