#include "tests/core/symbols/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "core/base/check.h"
#include "tests/support/folders.h"

namespace heddle::symbols::testing {
namespace {

struct Folder {
    std::string path;
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "heddle-symbols-XXXXXX";
        CHECK(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

std::string Build::name() const {
    std::string text = compiler + flags;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return text;
}

const std::string& compiled(const std::string& program, const Build& build) {
    static const Folder folder;
    static std::map<std::string, std::string> done;
    std::string& path = done[program + build.name()];
    if (!path.empty()) return path;
    path = folder.path + "/" + program + "_" + build.name();
    const std::string source = testing_support::source_folder() + "/tests/core/symbols/programs/" + program + ".cpp";
    const std::string object = path + ".o";
    // The hooks of -fsanitize=thread stay undefined: those programs are looked at, not run.
    const std::string command = testing_support::compiler_launcher() + build.compiler + " -std=c++20 -O0 -g " + build.flags +
                                " -c " + source + " -o " + object + " && g++ -pthread -Wl,--unresolved-symbols=ignore-all -o " +
                                path + " " + object;
    CHECK(std::system(command.c_str()) == 0);
    return path;
}

std::shared_ptr<const Image> image_of(const std::string& program, const Build& build) {
    static std::map<std::string, std::shared_ptr<const Image>> loaded;
    std::shared_ptr<const Image>& image = loaded[program + build.name()];
    if (image == nullptr) {
        auto result = load_image(compiled(program, build));
        CHECK(result.has_value());
        image = *result;
    }
    return image;
}

StoppedProcess::StoppedProcess(const std::string& path) : path_(path) {
    pid_ = ::fork();
    CHECK(pid_ >= 0);
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a failing test leaves no stopped process behind
        ::execl(path.c_str(), path.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    CHECK(::waitpid(pid_, &status, WUNTRACED) == pid_);
    CHECK(WIFSTOPPED(status));
    memory_ = UniqueFd(::open(("/proc/" + std::to_string(pid_) + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
    CHECK(static_cast<bool>(memory_));
}

StoppedProcess::~StoppedProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool StoppedProcess::read(std::uint64_t address, void* out, std::size_t bytes) {
    if (address > INT64_MAX) return false;
    return ::pread(memory_.get(), out, bytes, static_cast<off_t>(address)) == static_cast<ssize_t>(bytes);
}

std::uint64_t StoppedProcess::bias(const Image& image) const {
    std::ifstream maps("/proc/" + std::to_string(pid_) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        if (!line.ends_with(path_)) continue;
        std::uint64_t start = 0;
        std::uint64_t offset = 0;
        CHECK(std::sscanf(line.c_str(), "%" SCNx64 "-%*x %*s %" SCNx64, &start, &offset) == 2);
        return image.load_bias(start, offset).value();
    }
    CHECK(false);
}

}  // namespace heddle::symbols::testing
