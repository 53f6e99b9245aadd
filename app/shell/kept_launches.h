// What own programs got in the window when they were run last: arguments, compiler flags and input, kept by program in
// $XDG_CONFIG_HOME/heddle/programs.toml beside the settings, the latest first. Main thread. A home that cannot be written, or a
// file that cannot be read, loses nothing but the memory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/own_program.h"

namespace heddle::shell {

// Beside the settings; empty when they have no place.
std::filesystem::path kept_launches_path();

class KeptLaunches {
public:
    // Remembers, but writes nothing.
    KeptLaunches() = default;
    // What is kept there. A damaged file is an Error; it stays as it is.
    static Result<KeptLaunches> open(std::filesystem::path file);

    // Gives the program what it got last: flags, where it has none, and where it is asked for alone also arguments and input.
    Result<> recall(const std::string& id, catalog::OwnProgram& own) const;
    // An input that is neither text nor a file is left out.
    Result<> keep(const std::string& id, const catalog::OwnProgram& own);

private:
    struct Launch {
        std::string id;
        std::vector<std::string> arguments, flags;
        std::string input_file;  // a path
        std::string input_text;  // in its place, of what was typed
        bool empty() const;
    };
    static Launch launch_of(const std::string& id, const catalog::OwnProgram& own);
    Result<> write() const;

    std::filesystem::path file_;
    std::vector<Launch> launches_;
};

}  // namespace heddle::shell
