#include "core/session/lab.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <utility>

extern char** environ;

namespace heddle::session {
namespace {

struct Pipe {
    UniqueFd read_end, write_end;
};

Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno("cannot make a pipe", "", "close other programs and try again");
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void set_non_blocking(int fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

std::string join(const std::vector<int>& numbers) {
    std::string text;
    for (const int number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
    return text;
}

std::string join(const std::vector<std::filesystem::path>& paths) {
    std::string text;
    for (const std::filesystem::path& path : paths) text += (text.empty() ? "" : ":") + path.string();
    return text;
}

// Without waiting for a writer, if it is a named pipe.
Result<UniqueFd> open_input(const std::filesystem::path& input) {
    if (input.empty()) return UniqueFd();
    UniqueFd fd(::open(input.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return fail_errno("cannot read the program's input", input.string(), "name a file that you may read");
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
    return fd;
}

}  // namespace

Result<Lab> Lab::spawn(const LabOptions& options) {
    const UniqueFd input = TRY(open_input(options.input));
    Pipe commands = TRY(make_pipe());
    Pipe reports = TRY(make_pipe());
    Pipe output = TRY(make_pipe());
    Pipe errors = TRY(make_pipe());

    // The descriptors heddle-lab gets, in the order of its arguments. They keep clear of 0–2.
    const int given[] = {commands.read_end.get(), reports.write_end.get(), options.arena_fd, output.write_end.get(),
                         errors.write_end.get(),  options.board_fd,        input.get()};
    std::vector<std::string> arguments = {options.supervisor.string()};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int target = 200;
    for (const int fd : given) {
        // A duplicate made here would be inherited by anything else that is started meanwhile: the spawn itself duplicates.
        if (fd >= 0) posix_spawn_file_actions_adddup2(&actions, fd, target);
        arguments.push_back(std::to_string(fd >= 0 ? target : -1));
        ++target;
    }
    arguments.insert(arguments.end(), {join(options.cpus), std::to_string(options.data_limit_bytes),
                                       options.fixed_addresses ? "fixed" : "random", join(options.preload), "--"});
    arguments.insert(arguments.end(), options.command.begin(), options.command.end());

    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    Lab lab;
    const int error = ::posix_spawn(&lab.supervisor_, options.supervisor.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        errno = error;
        return fail_errno("cannot start the lab", options.supervisor.string(), "install or build Heddle again");
    }
    lab.commands_ = std::move(commands.write_end);
    lab.reports_ = std::move(reports.read_end);
    lab.stdout_ = std::move(output.read_end);
    lab.stderr_ = std::move(errors.read_end);
    reports.write_end.reset();
    TRY(lab.wait_for_spawn());
    for (const int fd : {lab.reports_.get(), lab.stdout_.get(), lab.stderr_.get()}) set_non_blocking(fd);
    return lab;
}

Result<> Lab::wait_for_spawn() {
    LabReport report{};
    ssize_t got = 0;
    do got = ::read(reports_.get(), &report, sizeof report);
    while (got < 0 && errno == EINTR);
    if (got != sizeof report || report.kind != LabReportKind::kSpawned) {
        errno = got == sizeof report ? static_cast<int>(report.value) : EIO;
        return fail_errno("the lab did not start the program", "", "look for a limit on processes (ulimit -u)");
    }
    program_ = ProcessId(report.pid);
    return {};
}

Lab::Lab(Lab&& other) noexcept
    : supervisor_(std::exchange(other.supervisor_, -1)),
      program_(other.program_),
      commands_(std::move(other.commands_)),
      reports_(std::move(other.reports_)),
      stdout_(std::move(other.stdout_)),
      stderr_(std::move(other.stderr_)),
      all_gone_(other.all_gone_) {}

Lab::~Lab() {
    if (supervisor_ < 0) return;
    commands_.reset();  // end of file: end the lab
    int status = 0;
    while (::waitpid(supervisor_, &status, 0) < 0 && errno == EINTR) {
    }
    // A hostile program may have killed its supervisor; its process group is still ours to end.
    ::kill(-program_.value, SIGKILL);
}

Result<> Lab::let_go() {
    const char go = static_cast<char>(LabCommand::kGo);
    if (::write(commands_.get(), &go, 1) != 1) return fail_errno("cannot let the program go");
    return {};
}

void Lab::kill() {
    const char command = static_cast<char>(LabCommand::kKill);
    if (commands_ && ::write(commands_.get(), &command, 1) != 1) commands_.reset();
}

std::vector<LabReport> Lab::read_reports() {
    std::vector<LabReport> reports;
    while (!all_gone_) {
        LabReport report{};
        const ssize_t got = ::read(reports_.get(), &report, sizeof report);
        if (got == sizeof report) {
            all_gone_ = report.kind == LabReportKind::kAllGone;
            reports.push_back(report);
        } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        } else {  // the supervisor died without a word: what is left of its group goes, too
            ::kill(-program_.value, SIGKILL);
            all_gone_ = true;
            reports.push_back({LabReportKind::kAllGone, 0, 0, 0, 0});
        }
    }
    return reports;
}

std::string read_available(int fd, std::size_t most, bool& ended) {
    std::string bytes;
    char buffer[16384];
    while (bytes.size() < most) {
        const ssize_t got = ::read(fd, buffer, std::min(sizeof buffer, most - bytes.size()));
        if (got > 0) {
            bytes.append(buffer, static_cast<std::size_t>(got));
        } else if (got < 0 && errno == EINTR) {
            continue;
        } else {
            ended = got == 0 || errno != EAGAIN;
            break;
        }
    }
    return bytes;
}

}  // namespace heddle::session
