#include "core/session/lab.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>

#include "core/base/clock.h"
#include "core/session/installation.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;

LabOptions shell(const std::string& script) {
    LabOptions options;
    options.supervisor = find_installation()->lab;
    options.command = {"/bin/sh", "-c", script};
    return options;
}

struct Ended {
    std::vector<LabReport> reports;
    std::string output, errors;
    const LabReport* reaped(ProcessId pid) const {
        for (const LabReport& report : reports) {
            if (report.kind == LabReportKind::kReaped && report.pid == pid.value) return &report;
        }
        return nullptr;
    }
    bool has(LabReportKind kind) const {
        return std::any_of(reports.begin(), reports.end(), [kind](const LabReport& report) { return report.kind == kind; });
    }
};

bool wait_until(const std::function<bool()>& condition) {
    const Nanoseconds deadline = monotonic_now() + 20s;
    while (!condition()) {
        if (monotonic_now() > deadline) return false;
        ::poll(nullptr, 0, 2);
    }
    return true;
}

Ended run_to_end(Lab& lab) {
    Ended ended;
    bool closed = false;
    EXPECT_TRUE(wait_until([&] {
        ended.output += read_available(lab.stdout_fd(), 1 << 20, closed);
        ended.errors += read_available(lab.stderr_fd(), 1 << 20, closed);
        for (const LabReport& report : lab.read_reports()) ended.reports.push_back(report);
        return ended.has(LabReportKind::kAllGone);
    }));
    ended.output += read_available(lab.stdout_fd(), 1 << 20, closed);
    ended.errors += read_available(lab.stderr_fd(), 1 << 20, closed);
    return ended;
}

bool alive(int pid) {
    return ::kill(pid, 0) == 0;
}

TEST(Lab, RunsAProgramOnlyOnceItIsLetGo) {
    auto lab = Lab::spawn(shell("echo out; echo err >&2; exit 7"));
    ASSERT_TRUE(lab) << lab.error().message();
    ::poll(nullptr, 0, 20);
    bool closed = false;
    EXPECT_EQ(read_available(lab->stdout_fd(), 100, closed), "");
    EXPECT_TRUE(alive(lab->program().value));
    ASSERT_TRUE(lab->let_go());
    const Ended ended = run_to_end(*lab);
    EXPECT_EQ(ended.output, "out\n");
    EXPECT_EQ(ended.errors, "err\n");
    ASSERT_NE(ended.reaped(lab->program()), nullptr);
    EXPECT_EQ(WEXITSTATUS(static_cast<int>(ended.reaped(lab->program())->value)), 7);
}

TEST(Lab, GivesTheProgramItsOwnCleanWorld) {
    auto lab = Lab::spawn(shell("ls /proc/self/fd | tr '\\n' ' '; cat; ulimit -c"));
    ASSERT_TRUE(lab);
    ASSERT_TRUE(lab->let_go());
    EXPECT_EQ(run_to_end(*lab).output, "0 1 2 3 0\n") << "3 is ls reading the folder; standard input is empty";
}

TEST(Lab, ConfinesTheProgramToTheCpusItIsGiven) {
    LabOptions options = shell("grep Cpus_allowed_list /proc/self/status");
    options.cpus = {0};
    auto lab = Lab::spawn(options);
    ASSERT_TRUE(lab);
    ASSERT_TRUE(lab->let_go());
    EXPECT_EQ(run_to_end(*lab).output, "Cpus_allowed_list:\t0\n");
}

TEST(Lab, SaysWhyAProgramCouldNotBeExecuted) {
    LabOptions options = shell("");
    options.command = {"/no/such/program"};
    auto lab = Lab::spawn(options);
    ASSERT_TRUE(lab);
    ASSERT_TRUE(lab->let_go());
    const Ended ended = run_to_end(*lab);
    ASSERT_TRUE(ended.has(LabReportKind::kExecFailed));
    EXPECT_EQ(ended.reports[0].value, ENOENT);
}

TEST(Lab, ReapsOrphansWithTheirOwnStatus) {
    // The child ends only once its parent did.
    auto lab = Lab::spawn(
        shell("P=$$ sh -c 'while [ \"$(cut -d\" \" -f4 /proc/$$/stat)\" = \"$P\" ]; do :; done; echo $$; exit 5' & exit 0"));
    ASSERT_TRUE(lab);
    ASSERT_TRUE(lab->let_go());
    const Ended ended = run_to_end(*lab);
    const ProcessId orphan(std::atoi(ended.output.c_str()));
    ASSERT_NE(ended.reaped(orphan), nullptr) << ended.output;
    EXPECT_EQ(WEXITSTATUS(static_cast<int>(ended.reaped(orphan)->value)), 5);
}

TEST(Lab, EndsProcessesThatOutliveTheProgram) {
    auto lab = Lab::spawn(shell("setsid sleep 1000 & echo $!; exit 0"));
    ASSERT_TRUE(lab);
    ASSERT_TRUE(lab->let_go());
    const Ended ended = run_to_end(*lab);
    EXPECT_TRUE(ended.has(LabReportKind::kKilledRest));
    EXPECT_FALSE(alive(std::atoi(ended.output.c_str())));
}

TEST(Lab, KillEndsAProgramThatForksWithoutEnd) {
    auto lab = Lab::spawn(shell("while :; do sleep 1000 & done"));
    ASSERT_TRUE(lab);
    ASSERT_TRUE(lab->let_go());
    ::poll(nullptr, 0, 50);
    lab->kill();
    EXPECT_TRUE(run_to_end(*lab).has(LabReportKind::kAllGone));
    EXPECT_EQ(::kill(-lab->program().value, 0), -1) << "nobody is left in its process group";
}

TEST(Lab, EndsWithTheOneWhoMadeIt) {
    int tell[2];
    ASSERT_EQ(::pipe(tell), 0);
    const pid_t maker = ::fork();
    if (maker == 0) {
        auto lab = Lab::spawn(shell("setsid sleep 1000 & echo $!; sleep 1000"));
        if (!lab || !lab->let_go()) _exit(1);
        std::string line;
        bool closed = false;
        while (line.find('\n') == std::string::npos) line += read_available(lab->stdout_fd(), 100, closed);
        const int pids[] = {lab->program().value, std::atoi(line.c_str())};
        if (::write(tell[1], pids, sizeof pids) != sizeof pids) _exit(1);
        ::pause();
    }
    int pids[2] = {};
    ASSERT_EQ(::read(tell[0], pids, sizeof pids), static_cast<ssize_t>(sizeof pids));
    ASSERT_TRUE(alive(pids[0]));
    ASSERT_TRUE(alive(pids[1]));
    ::kill(maker, SIGKILL);
    ::waitpid(maker, nullptr, 0);
    EXPECT_TRUE(wait_until([&] { return !alive(pids[0]) && !alive(pids[1]); }));
    ::close(tell[0]);
    ::close(tell[1]);
}

}  // namespace
}  // namespace heddle::session
