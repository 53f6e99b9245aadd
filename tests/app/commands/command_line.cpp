#include "tests/app/commands/command_line.h"
#include "tests/support/folders.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace heddle::test {
namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

[[noreturn]] void become(const std::string& command, const std::filesystem::path& folder, const std::function<bool()>& before) {
    const auto send = [&](int stream, const char* name) {
        const int file = ::open((folder / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        return file >= 0 && ::dup2(file, stream) == stream;
    };
    ::unsetenv("DISPLAY");
    ::unsetenv("WAYLAND_DISPLAY");
    ::setenv("HOME", folder.c_str(), 1);
    if (send(STDOUT_FILENO, "stdout") && send(STDERR_FILENO, "stderr") && ::chdir(folder.c_str()) == 0 && (!before || before()))
        ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
}

}  // namespace

void CommandLine::SetUp() {
    std::string name = (std::filesystem::temp_directory_path() / "heddle-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
}

Outcome CommandLine::heddle(const std::string& arguments, const std::function<bool()>& in_child) {
    const std::string command = "exec " + testing_support::build_folder() + "/heddle " + arguments;
    const pid_t child = ::fork();
    if (child == 0) become(command, folder_, in_child);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return {};
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), content_of(folder_ / "stdout"),
            content_of(folder_ / "stderr")};
}

}  // namespace heddle::test
