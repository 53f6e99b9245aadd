// heddle-lab: the supervisor of one lab. Heddle starts it, it starts the observed program, reaps every process the program
// leaves behind (it is their subreaper) and ends them all when Heddle says so or is gone. A process of its own, so that neither
// a crash of Heddle nor its threads and descriptors ever reach the observed program.
//
//   heddle-lab COMMAND_FD REPORT_FD ARENA_FD STDOUT_FD STDERR_FD BOARD_FD STDIN_FD CPU_LIST DATA_LIMIT fixed|random PRELOAD
//   -- PROGRAM [ARGUMENT]…
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/session/lab_protocol.h"
#include "core/trace/arena.h"
#include "core/trace/board.h"

namespace {

using heddle::session::LabCommand;
using heddle::session::LabReport;
using heddle::session::LabReportKind;

constexpr int kGraceMilliseconds = 2000;  // for processes that outlive the first one, where none of them may be held
constexpr int kMostReapedAtOnce = 64;
constexpr int kSupervisorNice = -10;  // where permitted: to be heard among a thousand busy processes
constexpr rlim_t kLargestFile = rlim_t{256} << 20;

struct Options {
    int command_fd, report_fd, arena_fd, stdout_fd, stderr_fd, board_fd, stdin_fd;  // stdin_fd -1: nothing can be read
    std::vector<int> cpus;
    rlim_t data_limit;
    bool fixed_addresses;
    std::string preload;
    char** program;
};

void report(const Options& options, LabReport message) {
    while (write(options.report_fd, &message, sizeof message) < 0 && errno == EINTR) {
    }
}

void limit(int resource, rlim_t most) {
    rlimit current{};
    getrlimit(static_cast<__rlimit_resource>(resource), &current);
    current.rlim_max = current.rlim_max == RLIM_INFINITY ? most : std::min(current.rlim_max, most);
    current.rlim_cur = std::min(current.rlim_cur, current.rlim_max);
    setrlimit(static_cast<__rlimit_resource>(resource), &current);
}

// In the forked child: everything the program should see as its own world, then exec. Never returns.
[[noreturn]] void become_program(const Options& options, int go_fd, const sigset_t& original_mask) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Before Heddle begins to observe it, so that the move to an allowed CPU is not taken for the program's own.
    if (!options.cpus.empty()) {
        cpu_set_t allowed;
        CPU_ZERO(&allowed);
        for (const int cpu : options.cpus) CPU_SET(static_cast<std::size_t>(cpu), &allowed);
        sched_setaffinity(0, sizeof allowed, &allowed);
    }
    char go = 0;
    if (read(go_fd, &go, 1) != 1) _exit(127);

    dup2(options.stdin_fd >= 0 ? options.stdin_fd : open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(options.stdout_fd, STDOUT_FILENO);
    dup2(options.stderr_fd, STDERR_FILENO);
    const bool has_arena = dup2(options.arena_fd, heddle::trace::kArenaDescriptor) >= 0;
    const bool has_board = dup2(options.board_fd, heddle::trace::kBoardDescriptor) >= 0;
    const int report_fd = fcntl(options.report_fd, F_DUPFD_CLOEXEC, heddle::trace::kBoardDescriptor + 1);
    close_range(3, heddle::trace::kArenaDescriptor - 1, 0);
    for (const int signal : {SIGPIPE, SIGCHLD, SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
    sigprocmask(SIG_SETMASK, &original_mask, nullptr);
    const auto name = [](const char* variable, int fd) { setenv(variable, std::to_string(fd).c_str(), 1); };
    if (has_arena) name(heddle::trace::kArenaVariable, heddle::trace::kArenaDescriptor);
    if (has_board) name(heddle::trace::kBoardVariable, heddle::trace::kBoardDescriptor);
    if (!options.preload.empty()) {
        const char* already = getenv("LD_PRELOAD");
        const std::string preload = already != nullptr && *already != '\0' ? options.preload + ":" + already : options.preload;
        setenv("LD_PRELOAD", preload.c_str(), 1);
    }
    if (options.fixed_addresses) {
        personality(ADDR_NO_RANDOMIZE);
        setenv("LD_BIND_NOW", "1", 1);  // nothing is left to be resolved again in each execution
    }
    // Last: under a sanitizer this process itself has more memory mapped than the program may have.
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, kLargestFile);
    limit(RLIMIT_DATA, options.data_limit);
    execvp(options.program[0], options.program);
    Options failed = options;
    failed.report_fd = report_fd;
    report(failed, {LabReportKind::kExecFailed, getpid(), errno, 0, 0});
    _exit(127);
}

// Adds the children of `pid` and theirs, as /proc tells them.
void collect_descendants(pid_t pid, std::vector<pid_t>& found) {
    const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
    DIR* directory = opendir(tasks.c_str());
    if (directory == nullptr) return;
    while (const dirent* entry = readdir(directory)) {
        if (entry->d_name[0] == '.') continue;
        FILE* children = fopen((tasks + "/" + entry->d_name + "/children").c_str(), "re");
        if (children == nullptr) continue;
        int child = 0;
        while (fscanf(children, "%d", &child) == 1) {
            found.push_back(child);
            collect_descendants(child, found);
        }
        fclose(children);
    }
    closedir(directory);
}

enum class Reaped { kAllThere, kSome, kNobodyLeft };

// Reaps what can be reaped, but not for ever: a fork bomb's dead never end, and commands must be heard in between (kSome).
Reaped reap(const Options& options, pid_t program, bool& program_ended) {
    for (int reaped = 0; reaped < kMostReapedAtOnce; ++reaped) {
        int status = 0;
        rusage usage{};
        const pid_t pid = wait4(-1, &status, WNOHANG, &usage);
        if (pid == 0) return Reaped::kAllThere;
        if (pid < 0 && errno == ECHILD) return Reaped::kNobodyLeft;
        program_ended = program_ended || pid == program;
        report(options, {LabReportKind::kReaped, pid, status, usage.ru_nvcsw, usage.ru_nivcsw});
    }
    return Reaped::kSome;
}

// Ends every process of the lab. The group dies at once, also a fork bomb; who left the group is stopped first and then killed,
// so that nobody forks away between a look at /proc and the kill.
std::int64_t end_everything(const Options& options, pid_t program) {
    std::int64_t ended = 0;
    bool program_ended = false;
    for (Reaped reaped = Reaped::kSome; reaped != Reaped::kNobodyLeft;) {
        kill(-program, SIGKILL);
        reaped = reap(options, program, program_ended);
        if (reaped != Reaped::kAllThere) continue;  // the dead first: a look at /proc at thousands of them takes long
        std::vector<pid_t> descendants;
        collect_descendants(getpid(), descendants);
        for (const pid_t pid : descendants) kill(pid, SIGSTOP);
        for (const pid_t pid : descendants) {
            if (kill(pid, SIGKILL) == 0) ++ended;
        }
        poll(nullptr, 0, 1);  // let them die
    }
    return ended;
}

int supervise(const Options& options, pid_t program, int go_fd, int child_signals) {
    bool program_ended = false, more_to_reap = false;
    timespec ended_at{};
    for (;;) {
        pollfd fds[] = {{options.command_fd, POLLIN, 0}, {child_signals, POLLIN, 0}};
        poll(fds, 2, more_to_reap ? 0 : program_ended ? 100 : -1);
        if ((fds[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            char command = 0;
            const ssize_t got = read(options.command_fd, &command, 1);
            if (got == 1 && command == static_cast<char>(LabCommand::kGo)) {
                if (write(go_fd, "g", 1) != 1) perror("heddle-lab: go");
            } else if (got >= 0 || errno != EINTR) {
                break;  // kKill, or Heddle is gone
            }
        }
        signalfd_siginfo drained{};
        while (read(child_signals, &drained, sizeof drained) > 0) continue;
        const bool ended_before = program_ended;
        const Reaped reaped = reap(options, program, program_ended);
        more_to_reap = reaped == Reaped::kSome;
        if (reaped == Reaped::kNobodyLeft) {
            report(options, {LabReportKind::kAllGone, 0, 0, 0, 0});
            return 0;
        }
        if (program_ended && !ended_before) clock_gettime(CLOCK_MONOTONIC, &ended_at);
        if (program_ended && options.board_fd < 0) {
            timespec now{};
            clock_gettime(CLOCK_MONOTONIC, &now);
            if ((now.tv_sec - ended_at.tv_sec) * 1000 + (now.tv_nsec - ended_at.tv_nsec) / 1000000 > kGraceMilliseconds) break;
        }
    }
    const std::int64_t ended = end_everything(options, program);
    if (ended > 0 && program_ended) report(options, {LabReportKind::kKilledRest, 0, ended, 0, 0});
    report(options, {LabReportKind::kAllGone, 0, 0, 0, 0});
    return 0;
}

std::vector<int> parse_cpus(const char* text) {
    std::vector<int> cpus;
    for (char* part = strtok(strdup(text), ","); part != nullptr; part = strtok(nullptr, ",")) cpus.push_back(atoi(part));
    return cpus;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 14 || std::strcmp(argv[12], "--") != 0) {
        std::fputs("heddle-lab is started by heddle, not by hand\n", stderr);
        return 2;
    }
    const Options options{atoi(argv[1]),
                          atoi(argv[2]),
                          atoi(argv[3]),
                          atoi(argv[4]),
                          atoi(argv[5]),
                          atoi(argv[6]),
                          atoi(argv[7]),
                          parse_cpus(argv[8]),
                          static_cast<rlim_t>(strtoull(argv[9], nullptr, 10)),
                          std::strcmp(argv[10], "fixed") == 0,
                          argv[11],
                          argv + 13};
    std::signal(SIGPIPE, SIG_IGN);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);  // the terminal's ^C is Heddle's to handle
    setpgid(0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const int original_nice = getpriority(PRIO_PROCESS, 0);
    setpriority(PRIO_PROCESS, 0, kSupervisorNice);

    sigset_t child_signal, original_mask;
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_signal, &original_mask);
    const int child_signals = signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK);

    int go[2];
    if (pipe2(go, O_CLOEXEC) != 0) return 1;
    const pid_t program = fork();
    if (program == 0) {
        close(go[1]);
        setpriority(PRIO_PROCESS, 0, original_nice);
        become_program(options, go[0], original_mask);
    }
    close(go[0]);
    close(options.stdout_fd);
    close(options.stderr_fd);
    if (options.stdin_fd >= 0) close(options.stdin_fd);
    if (program < 0) {
        report(options, {LabReportKind::kExecFailed, 0, errno, 0, 0});
        return 1;
    }
    setpgid(program, program);
    report(options, {LabReportKind::kSpawned, program, 0, 0, 0});
    return supervise(options, program, go[1], child_signals);
}
