#include "tests/window/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace heddle::test {
namespace {

struct Stat {
    std::string name;
    char state = '?';
    pid_t parent = 0;
    std::int64_t cpu_ticks = 0;
};

bool read_stat(pid_t pid, Stat& into) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return false;
    // The name stands in parentheses and may hold some itself (man 5 proc).
    const std::size_t open = line.find('('), close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos) return false;
    into.name = line.substr(open + 1, close - open - 1);
    std::istringstream rest(line.substr(close + 1));
    rest >> into.state >> into.parent;
    std::string skipped;
    for (int field = 5; field < 14; ++field) rest >> skipped;
    std::int64_t user = 0, kernel = 0;
    rest >> user >> kernel;
    into.cpu_ticks = user + kernel;
    return static_cast<bool>(rest);
}

std::map<pid_t, Stat> all_processes() {
    std::map<pid_t, Stat> found;
    DIR* const directory = ::opendir("/proc");
    if (directory == nullptr) return found;
    while (const dirent* const entry = ::readdir(directory)) {
        const pid_t pid = std::atoi(entry->d_name);
        Stat stat;
        if (pid > 0 && read_stat(pid, stat)) found[pid] = stat;
    }
    ::closedir(directory);
    return found;
}

}  // namespace

std::chrono::milliseconds cpu_time(pid_t pid) {
    Stat stat;
    if (!read_stat(pid, stat)) return {};
    return std::chrono::milliseconds(stat.cpu_ticks * 1000 / ::sysconf(_SC_CLK_TCK));
}

bool wait_until(const std::function<bool()>& true_at_last, std::chrono::seconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (!true_at_last()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

Process::Process(std::vector<std::string> command, const Environment& environment, std::string log,
                 const std::vector<int>& inherited)
    : log_(std::move(log)) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(out, STDOUT_FILENO), ::dup2(out, STDERR_FILENO);
    for (const int fd : inherited) ::fcntl(fd, F_SETFD, 0);
    for (const auto& [name, value] : environment) {
        if (value.empty())
            ::unsetenv(name.c_str());
        else
            ::setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

Process::~Process() {
    if (pid_ <= 0 || ended()) return;
    signal(SIGKILL);
    ::waitpid(pid_, &status_, 0);
}

void Process::signal(int number) const {
    ::kill(pid_, number);
}

bool Process::ended() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
}

int Process::exit_code() const {
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
}

std::string Process::output() const {
    std::ostringstream text;
    text << std::ifstream(log_).rdbuf();
    return text.str();
}

std::string output_of(const std::vector<std::string>& command, const Environment& environment, const std::string& log) {
    Process process(command, environment, log);
    if (!wait_until([&] { return process.ended(); }) || process.exit_code() != 0) return {};
    std::string text = process.output();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

void adopt_orphans() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<Descendant> descendants(pid_t of) {
    const std::map<pid_t, Stat> all = all_processes();
    const auto descends = [&](pid_t pid) {
        for (std::size_t steps = 0; steps < all.size(); ++steps) {
            const auto found = all.find(pid);
            if (found == all.end()) return false;
            pid = found->second.parent;
            if (pid == of) return true;
        }
        return false;
    };
    std::vector<Descendant> found;
    for (const auto& [pid, stat] : all) {
        if (!descends(pid)) continue;
        if (stat.state != 'Z' && stat.state != 'X') found.push_back({pid, stat.name});
    }
    return found;
}

}  // namespace heddle::test
