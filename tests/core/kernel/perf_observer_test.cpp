#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
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

// The kernel says how many records it lost when it stores the next one: some calm at the end lets it.
int all_out_ping_pong(int rounds) {
    const int result = ping_pong(rounds, 0);
    ::usleep(100'000);
    return result;
}

// On a busy machine a dying thread may be preempted more often than its exit explains, where no record can exist, and the
// reader may be kept away until a ring is full: another try then.
Observed observe_in_calm(const std::function<int()>& body, const ObserverOptions& options = {}) {
    Observed seen = observe(body, options);
    for (int tries = 1; tries < 5 && seen.error.empty() && seen.switches.ratio() < 0.999; ++tries)
        seen = observe(body, options);
    return seen;
}

void print(const char* what, const Observed& seen) {
    std::printf(
        "%s: %s; recorded %llu, after exit %llu, kernel %llu, captured/kernel %.5f; preempted %llu, voluntary %llu, migrations "
        "%llu, lost %llu\n",
        what, seen.source.c_str(), (unsigned long long)seen.switches.recorded, (unsigned long long)seen.switches.after_exit,
        (unsigned long long)seen.switches.kernel, seen.switches.ratio(), (unsigned long long)seen.counts.preempted,
        (unsigned long long)seen.counts.voluntary, (unsigned long long)seen.counts.migrations,
        (unsigned long long)seen.counts.lost);
}

void expect_complete(const char* what, const Observed& seen) {
    ASSERT_EQ(seen.error, "");
    EXPECT_EQ(seen.wait_status, 0);
    EXPECT_EQ(seen.counts.lost, 0U);
    EXPECT_GE(seen.switches.ratio(), 0.999);
    EXPECT_LE(seen.switches.recorded, seen.switches.kernel);
    print(what, seen);
}

// The kernel counts the records that it could not store, of switches out and in alike, and each switch is one of both: what is
// missing is at most all of them, and about half. Of each time the ring was full one record more may be of one kind.
void expect_loss_explained(const char* what, const Observed& seen) {
    ASSERT_EQ(seen.error, "");
    EXPECT_EQ(seen.wait_status, 0);
    ASSERT_LE(seen.switches.captured(), seen.switches.kernel);
    const std::uint64_t missing = seen.switches.kernel - seen.switches.captured();
    print(what, seen);
    EXPECT_LE(missing, seen.counts.lost);
    EXPECT_NEAR(static_cast<double>(missing), static_cast<double>(seen.counts.lost) / 2,
                static_cast<double>(seen.counts.lost) * 0.05 + 200);
}

TEST(PerfObserver, SeesThreadsThatShareOneCoreBeingPreempted) {
    const Observed seen = observe_in_calm(three_spinning_threads, kSwitchesOnly);
    expect_complete("three threads on one core", seen);
    EXPECT_GE(seen.counts.preempted, 1U);
}

TEST(PerfObserver, MissesNoSwitchOfAPingPongOfAThousandPerSecond) {
    expect_complete("1,000/s ping-pong", observe_in_calm([] { return ping_pong(500, 1900); }, kSwitchesOnly));
}

TEST(PerfObserver, MissesNoSwitchOfAPingPongThatDoesNothingButSwitch) {
    const Observed seen = observe_in_calm([] { return all_out_ping_pong(50000); }, kSwitchesOnly);
    // The rings are as large as this user may lock; a busy machine may still keep the reader away until one is full.
    if (seen.counts.lost > 0)
        expect_loss_explained("all-out ping-pong on a busy machine", seen);
    else
        expect_complete("all-out ping-pong", seen);
}

TEST(PerfObserver, CountsWhatARingLostThatWasTooSmall) {
    ObserverOptions smallest = kSwitchesOnly;
    smallest.rings_bytes = 1;  // the smallest ring holds a few hundred switches
    const Observed seen = observe([] { return all_out_ping_pong(20000); }, smallest, 20ms);
    EXPECT_GT(seen.counts.lost, 0U);
    expect_loss_explained("all-out ping-pong, smallest rings", seen);
}

TEST(PerfObserver, CountsWhatWasLostWhereTheRunEndsWhileTheRingIsFull) {
    if (::access("/proc/sys/kernel/perf_event_paranoid", F_OK) != 0) GTEST_SKIP() << "no perf events";
    utsname kernel{};
    if (::uname(&kernel) != 0 || std::atoi(kernel.release) < 6) GTEST_SKIP() << "the kernel tells since 6.0";
    ObserverOptions smallest = kSwitchesOnly;
    smallest.rings_bytes = 1;
    const Observed seen = observe([] { return ping_pong(3000, 0); }, smallest, 2s);  // over before the ring is read once
    EXPECT_GT(seen.counts.lost, 5000U);
    expect_loss_explained("a run that ends with full rings", seen);
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

bool has(const Observed& seen, KernelRecord::Kind kind) {
    return std::any_of(seen.records.begin(), seen.records.end(),
                       [&](const KernelRecord& record) { return record.kind == kind; });
}

bool misses(const Observed& seen, std::string_view facility) {
    return std::any_of(seen.unavailable.begin(), seen.unavailable.end(),
                       [&](const Unavailable& u) { return u.facility == facility; });
}

TEST(PerfObserver, ReportsTheBirthNameAndEndOfEachThreadInTheOrderOfTime) {
    const Observed seen = observe_program({"/bin/sh", "-c", "/bin/true; /bin/true"}, kSwitchesOnly);
    ASSERT_EQ(seen.error, "");
    using Kind = KernelRecord::Kind;
    const auto count = [&](Kind kind) {
        return std::count_if(seen.records.begin(), seen.records.end(), [&](const KernelRecord& r) { return r.kind == kind; });
    };
    EXPECT_EQ(count(Kind::kExit), count(Kind::kFork) + 1);
    EXPECT_TRUE(std::any_of(seen.records.begin(), seen.records.end(),
                            [](const KernelRecord& r) { return r.kind == Kind::kName && r.exec && r.name == "true"; }));
    EXPECT_TRUE(std::is_sorted(seen.records.begin(), seen.records.end(),
                               [](const KernelRecord& a, const KernelRecord& b) { return a.time < b.time; }));
}

TEST(PerfObserver, AddsRegistersAndWakeUpsWhereThisUserMay) {
    const Observed seen = observe([] { return ping_pong(200, 0); });
    ASSERT_EQ(seen.error, "");
    EXPECT_NE(has(seen, KernelRecord::Kind::kRegisters), misses(seen, "perf-registers"));
    EXPECT_NE(has(seen, KernelRecord::Kind::kWakeUp), misses(seen, "perf-wake-ups"));
    for (const KernelRecord& record : seen.records) {
        EXPECT_TRUE(record.kind != KernelRecord::Kind::kWakeUp || record.pid != ProcessId(0));
        if (record.kind != KernelRecord::Kind::kRegisters) continue;
        ASSERT_EQ(record.registers.values.size(), trace::register_names().size());
        const auto name = std::find_if(trace::register_names().begin(), trace::register_names().end(),
                                       [](std::string_view n) { return n == "rip" || n == "pc"; });
        EXPECT_NE(record.registers.values[static_cast<std::size_t>(name - trace::register_names().begin())], 0U);
    }
}

TEST(PerfObserver, DoesWithoutPrivilegeWhenTold) {
    const Observed seen = observe_in_calm([] { return ping_pong(200, 0); }, {.privileged = false});
    expect_complete("without privilege", seen);
    EXPECT_TRUE(misses(seen, "perf-registers"));
    EXPECT_TRUE(misses(seen, "perf-wake-ups"));
    EXPECT_FALSE(has(seen, KernelRecord::Kind::kRegisters));
}

TEST(ProcObserver, InfersBirthsSwitchesAndEndsWithoutPerfAndSaysSo) {
    const Observed seen = observe(
        [] {
            std::thread other([] { spin_for(100ms); });
            for (int i = 0; i < 50; ++i) ::usleep(2000);
            other.join();
            return 0;
        },
        {.perf = false});
    ASSERT_EQ(seen.error, "");
    EXPECT_EQ(seen.source, "sampled every 1 ms");
    EXPECT_TRUE(misses(seen, "perf-switches"));
    EXPECT_TRUE(has(seen, KernelRecord::Kind::kFork));
    EXPECT_TRUE(has(seen, KernelRecord::Kind::kExit));
    EXPECT_GE(seen.counts.voluntary, 10U);
    EXPECT_TRUE(std::all_of(seen.records.begin(), seen.records.end(), [](const KernelRecord& r) { return r.sampled; }));
    std::printf("fallback: recorded %llu, kernel %llu\n", (unsigned long long)seen.switches.recorded,
                (unsigned long long)seen.switches.kernel);
}

TEST(Observer, RefusesAProcessThatIsGone) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    const auto opened = open_observer(ProcessId(child));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().errno_value, ESRCH);
}

// The same again as a user without any privilege, when the tests run as root.
TEST(PerfObserver, WorksTheSameForAnUnprivilegedUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "the tests above ran without privilege already";
    const pid_t nobody = ::fork();
    ASSERT_GE(nobody, 0);
    if (nobody == 0) {
        if (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)
            ::_exit(2);
        ::prctl(PR_SET_DUMPABLE, 1);
        const Observed spinning = observe_in_calm(three_spinning_threads);
        expect_complete("nobody: three threads on one core", spinning);
        const Observed switching = observe_in_calm([] { return ping_pong(500, 1900); });
        expect_complete("nobody: 1,000/s ping-pong", switching);
        EXPECT_TRUE(misses(spinning, "perf-registers"));
        std::fflush(stdout);
        ::_exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(nobody, &status, 0), nobody);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace heddle::kernel
