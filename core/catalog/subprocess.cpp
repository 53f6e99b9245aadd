#include "core/catalog/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "core/base/unique_fd.h"

namespace heddle::catalog {

namespace {

constexpr std::size_t kMostOutput = 1 << 20;
constexpr int kPollMilliseconds = 50;

std::string path_of(const std::string& program) {
    if (program.find('/') != std::string::npos) return program;
    const char* search = std::getenv("PATH");
    std::string rest = search != nullptr ? search : "/usr/bin:/bin";
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::string candidate = rest.substr(0, colon) + "/" + program;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
        rest = colon == std::string::npos ? std::string() : rest.substr(colon + 1);
    }
    return {};
}

// The environment with messages in English, which the builder parses.
std::vector<std::string> english_environment() {
    std::vector<std::string> result = {"LC_ALL=C.UTF-8"};
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const bool preload = std::strncmp(*entry, "LD_PRELOAD=", 11) == 0;
        if (!preload && std::strncmp(*entry, "LC_ALL=", 7) != 0) result.emplace_back(*entry);
    }
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    for (std::string& word : words) result.push_back(word.data());
    result.push_back(nullptr);
    return result;
}

struct Command {
    const char* program;
    char* const* arguments;
    char* const* environment;
    const char* folder;
};

// Between vfork and exec, in the memory of a threaded process: only async-signal-safe calls (man 7 signal-safety).
[[noreturn]] void become(const Command& command, int output, int failure) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    if (::chdir(command.folder) == 0) ::execve(command.program, command.arguments, command.environment);
    const int error = errno;
    if (::write(failure, &error, sizeof error) < 0) ::_exit(126);
    ::_exit(127);
}

// Reads until every writer has closed the pipe, the time is up, or the caller cancels; then sees that the group is gone.
void collect(pid_t child, int output, std::chrono::seconds time_limit, const std::stop_token& stop, Finished& finished) {
    const auto deadline = std::chrono::steady_clock::now() + time_limit;
    while (true) {
        finished.cancelled = stop.stop_requested();
        finished.timed_out = !finished.cancelled && std::chrono::steady_clock::now() >= deadline;
        if (finished.cancelled || finished.timed_out) break;
        pollfd ready{output, POLLIN, 0};
        if (::poll(&ready, 1, kPollMilliseconds) <= 0) continue;
        char buffer[4096];
        const ssize_t got = ::read(output, buffer, sizeof buffer);
        if (got == 0) break;
        if (got < 0 && errno != EINTR) break;
        if (got > 0 && finished.output.size() < kMostOutput) finished.output.append(buffer, static_cast<std::size_t>(got));
    }
    if (finished.cancelled || finished.timed_out) {
        ::kill(-child, SIGKILL);
        ::kill(child, SIGKILL);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) finished.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
}

}  // namespace

Result<Finished> run_to_end(const std::vector<std::string>& arguments, const std::filesystem::path& working_folder,
                            std::chrono::seconds time_limit, const std::stop_token& stop) {
    const std::string program = path_of(arguments.front());
    if (program.empty()) {
        errno = ENOENT;
        return fail_errno("cannot start the program", arguments.front());
    }
    std::vector<std::string> argument_words = arguments, environment_words = english_environment();
    const std::vector<char*> argument_list = pointers(argument_words), environment_list = pointers(environment_words);
    const std::string folder = working_folder.string();

    int output[2], failure[2];
    if (::pipe2(output, O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
    UniqueFd output_read(output[0]), output_write(output[1]);
    if (::pipe2(failure, O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
    UniqueFd failure_read(failure[0]), failure_write(failure[1]);

    // Not fork, after which each page of this process that is written to would fault once.
    const Command command{program.c_str(), argument_list.data(), environment_list.data(), folder.c_str()};
    const pid_t child = ::vfork();
    if (child < 0) return fail_errno("cannot start the program", program);
    if (child == 0) become(command, output_write.get(), failure_write.get());
    ::setpgid(child, child);  // as the child does: whoever comes first, the group exists before it may have to be killed
    output_write.reset();
    failure_write.reset();
    Finished finished;
    collect(child, output_read.get(), time_limit, stop, finished);
    int error = 0;
    if (::read(failure_read.get(), &error, sizeof error) == sizeof error) {
        errno = error;
        return fail_errno("cannot start the program", program);
    }
    return finished;
}

}  // namespace heddle::catalog
