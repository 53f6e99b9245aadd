// Runs one helper program (the compiler) to its end and collects what it wrote. Called by the builder on the session's thread,
// which it blocks; the child dies with that thread, when it takes too long, and when it is cancelled.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace heddle::catalog {

struct Finished {
    int exit_code = -1;  // -1: ended by a signal
    int signal = 0;
    bool timed_out = false, cancelled = false;
    std::string output;  // stdout and stderr together, at most 1 MiB of it
};

// arguments[0] is looked up in PATH. Fails when the program cannot be started (errno ENOENT: it is not installed).
Result<Finished> run_to_end(const std::vector<std::string>& arguments, const std::filesystem::path& working_folder,
                            std::chrono::seconds time_limit, const std::stop_token& stop);

}  // namespace heddle::catalog
