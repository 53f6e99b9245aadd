// Step: pipes, sockets and children as operations of the gate.
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using StepChannelsTest = StepTest;

TEST_F(StepChannelsTest, AReaderWaitsUntilThereIsSomethingInThePipe) {
    start(R"(
#include <thread>
#include <unistd.h>
int ends[2];
char got = 0;
void reader() { (void)!read(ends[0], &got, 1); }
int main() {
    (void)!pipe(ends);
    std::thread other(reader);
    (void)!write(ends[1], "x", 1);
    other.join();
    return got;
}
)");
    SnapshotPtr now = until(1, "pending.send_pipe 4");
    now = until(2, "pending.receive_pipe 3");
    ASSERT_EQ(about_to(*now, 2), "pending.receive_pipe 3");
    EXPECT_FALSE(pending(*now, 2)->enabled);
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.nothing_there_pipe");
    EXPECT_EQ(pending(*now, 2)->line, 6);
    now = step(1);
    EXPECT_TRUE(pending(*now, 2)->enabled);
    now = step(2);
    EXPECT_NE(about_to(*now, 2), "pending.receive_pipe 3");
    until(2, "nothing");
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 'x');
}

TEST_F(StepChannelsTest, AReadThatNobodyCanEverServeIsADeadlock) {
    start(R"(
#include <thread>
#include <unistd.h>
int ends[2];
void reader() { char got; (void)!read(ends[0], &got, 1); }
int main() {
    (void)!pipe(ends);
    std::thread other(reader);
    other.join();
}
)");
    until(1, "pending.join T2");
    until(2, "pending.receive_pipe 3");
    const SnapshotPtr now = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_deadlock");
    EXPECT_EQ(about_to(*now, 2), "pending.receive_pipe 3");
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.nothing_there_pipe");
}

TEST_F(StepChannelsTest, AWriterWaitsWhileThePipeIsFull) {
    start(R"(
#include <fcntl.h>
#include <thread>
#include <unistd.h>
int ends[2];
char block[4096];
void writer() { for (int i = 0; i < 2; ++i) (void)!write(ends[1], block, sizeof block); }
int main() {
    (void)!pipe(ends);
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    std::thread other(writer);
    (void)!read(ends[0], block, sizeof block);
    (void)!read(ends[0], block, sizeof block);
    other.join();
}
)");
    until(1, "pending.receive_pipe 3");
    until(2, "pending.send_pipe 4");
    SnapshotPtr now = step(2);
    now = until(2, "pending.send_pipe 4");
    ASSERT_EQ(about_to(*now, 2), "pending.send_pipe 4");
    EXPECT_FALSE(pending(*now, 2)->enabled);
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.full_pipe");
    now = step(1);
    EXPECT_TRUE(pending(*now, 2)->enabled);
}

// Sockets, polling for several at once, and event counters: the program ends as it should, whatever the policy.
TEST_F(StepChannelsTest, CarriesSocketsAndPolling) {
    for (const model::StepPolicy policy : {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom}) {
        start(R"(
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
int pair[2], counter;
int sum = 0;
void server() {
    pollfd both[2] = {{pair[1], POLLIN, 0}, {counter, POLLIN, 0}};
    for (int seen = 0; seen < 2;) {
        poll(both, 2, -1);
        char byte;
        unsigned long long value;
        if (both[0].revents & POLLIN) recv(pair[1], &byte, 1, 0), sum += byte, ++seen;
        if (both[1].revents & POLLIN) (void)!read(counter, &value, sizeof value), sum += (int)value, ++seen;
    }
    send(pair[1], "b", 1, 0);
}
int main() {
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    counter = eventfd(0, 0);
    std::thread other(server);
    send(pair[0], "a", 1, 0);
    unsigned long long five = 5;
    (void)!write(counter, &five, sizeof five);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    select(pair[0] + 1, &set, nullptr, nullptr, nullptr);
    char byte = 0;
    (void)!read(pair[0], &byte, 1);
    other.join();
    return sum + byte == 'a' + 5 + 'b' ? 7 : 1;
}
)");
        session_->post(model::SetPolicy{policy});
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
        EXPECT_EQ(end->status, model::RunStatus::kEnded) << static_cast<int>(policy) << about_to(*end, 1) << about_to(*end, 2);
        EXPECT_EQ(end->exit.code, 7) << static_cast<int>(policy);
    }
}

// What another program writes comes when it comes: the reader waits without keeping the others, and can go on then.
TEST_F(StepChannelsTest, WaitsForWhatAnotherProgramWrites) {
    const std::string go = (folder_ / "go").string();
    start("#define GO \"" + go + "\"\n" + R"(
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
extern char** environ;
int main() {
    int ends[2];
    (void)!pipe(ends);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    char shell[] = "/bin/sh", option[] = "-c", script[] = "while [ ! -e " GO " ]; do sleep 0.05; done; echo x";
    char* words[] = {shell, option, script, nullptr};
    pid_t child;
    posix_spawn(&child, shell, &actions, nullptr, words, environ);
    char got = 0;
    (void)!read(ends[0], &got, 1);
    int status = 0;
    waitpid(child, &status, 0);
    return got;
}
)");
    const SnapshotPtr now = until(1, "pending.receive_pipe 3");
    EXPECT_FALSE(pending(*now, 1)->enabled);
    EXPECT_TRUE(now->step->over.empty()) << now->step->over;
    std::ofstream(go) << "go";
    const SnapshotPtr ready = wait_for([](const model::Snapshot& s) { return pending(s, 1) && pending(s, 1)->enabled; });
    EXPECT_TRUE(pending(*ready, 1)->enabled);
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 'x');
}

}  // namespace
}  // namespace heddle::session
