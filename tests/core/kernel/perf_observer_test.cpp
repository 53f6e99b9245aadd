#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "observed_child.h"

namespace heddle::kernel {
namespace {

using namespace std::chrono_literals;

constexpr ObserverOptions kSwitchesOnly{.registers = false, .wake_ups = false};

void spin_for(Nanoseconds span) {
    const Nanoseconds until = monotonic_now() + span;
    while (monotonic_now() < until) {
    }
}

int three_spinning_threads() {
    pin_to_cpu(0);
    std::thread a([] { spin_for(300ms); }), b([] { spin_for(300ms); });
    spin_for(300ms);
    a.join();
    b.join();
    return 0;
}

// Passes one byte to and fro between two processes on one CPU.
int ping_pong(int rounds, useconds_t pause) {
    pin_to_cpu(0);
    int there[2], back[2];
    if (::pipe(there) != 0 || ::pipe(back) != 0) return 1;
    const pid_t other = ::fork();
    if (other < 0) return 1;
    char byte = 'x';
    for (int round = 0; round < rounds; ++round) {
        if (other == 0) {
            if (::read(there[0], &byte, 1) != 1 || ::write(back[1], &byte, 1) != 1) ::_exit(1);
        } else {
            if (::write(there[1], &byte, 1) != 1 || ::read(back[0], &byte, 1) != 1) return 1;
            if (pause > 0) ::usleep(pause);
        }
    }
    if (other == 0) ::_exit(0);
    int status = 0;
    return ::waitpid(other, &status, 0) == other ? status : 1;
}

void expect_complete(const char* what, const Observed& seen) {
    ASSERT_EQ(seen.error, "");
    EXPECT_EQ(seen.wait_status, 0);
    EXPECT_EQ(seen.counts.lost, 0U);
    EXPECT_GE(seen.switches.ratio(), 0.999);
    EXPECT_LE(seen.switches.recorded, seen.switches.kernel);
    std::printf(
        "%s: %s; recorded %llu, after exit %llu, kernel %llu, captured/kernel %.5f; preempted %llu, voluntary %llu, migrations "
        "%llu, lost %llu\n",
        what, seen.source.c_str(), (unsigned long long)seen.switches.recorded, (unsigned long long)seen.switches.after_exit,
        (unsigned long long)seen.switches.kernel, seen.switches.ratio(), (unsigned long long)seen.counts.preempted,
        (unsigned long long)seen.counts.voluntary, (unsigned long long)seen.counts.migrations,
        (unsigned long long)seen.counts.lost);
}

TEST(PerfObserver, SeesThreadsThatShareOneCoreBeingPreempted) {
    const Observed seen = observe(three_spinning_threads, kSwitchesOnly);
    expect_complete("three threads on one core", seen);
    EXPECT_GE(seen.counts.preempted, 1U);
}

TEST(PerfObserver, MissesNoSwitchOfAPingPongOfAThousandPerSecond) {
    expect_complete("1,000/s ping-pong", observe([] { return ping_pong(500, 1900); }, kSwitchesOnly));
}

TEST(PerfObserver, MissesNoSwitchOfAPingPongThatDoesNothingButSwitch) {
    expect_complete("all-out ping-pong", observe([] { return ping_pong(50000, 0); }, kSwitchesOnly));
}

TEST(PerfObserver, MissesNoSwitchOfPythonWithEightThreads) {
    const char* program =
        "import threading\n"
        "def work():\n"
        "    n = 0\n"
        "    for i in range(600000): n += 1\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[t.start() for t in threads]\n"
        "[t.join() for t in threads]\n";
    expect_complete("python3, 8 threads", observe_program({"/usr/bin/python3", "-I", "-c", program}, kSwitchesOnly));
}

}  // namespace
}  // namespace heddle::kernel
