// Lab: the observed program and its children, as heddle-lab supervises them. Spawned waiting, so that the kernel observer can
// be attached before the first instruction; let go; killed. Belongs to the session's thread. Its destructor ends every process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/session/lab_protocol.h"

namespace heddle::session {

struct LabOptions {
    std::filesystem::path supervisor;                          // heddle-lab
    std::vector<std::filesystem::path> preload;                // in the order of search; empty: observe without hooks
    std::vector<std::string> command;                          // program and arguments
    std::vector<int> cpus;                                     // the CPUs it may use; empty: as Heddle itself
    std::uint64_t data_limit_bytes = std::uint64_t{16} << 30;  // RLIMIT_DATA: address space, not resident memory
    int arena_fd = -1;                                         // trace/arena.h
    int board_fd = -1;                                         // trace/board.h
    std::filesystem::path input;   // the program's standard input, from its beginning; empty: nothing can be read
    bool fixed_addresses = false;  // the same in every execution: address space layout randomization is off
};

class Lab {
public:
    static Result<Lab> spawn(const LabOptions& options);
    Lab(Lab&& other) noexcept;
    Lab& operator=(Lab&&) = delete;
    ~Lab();

    ProcessId program() const { return program_; }
    ProcessId supervisor() const { return ProcessId(supervisor_); }  // all processes of the lab descend from it
    Result<> let_go();
    void kill();  // ends every process of the lab; kAllGone follows

    // For poll(2). All are non-blocking.
    int report_fd() const { return reports_.get(); }
    int stdout_fd() const { return stdout_.get(); }
    int stderr_fd() const { return stderr_.get(); }

    // The reports that have arrived. Once the supervisor itself is gone without having said so, kAllGone is added.
    std::vector<LabReport> read_reports();

private:
    Lab() = default;
    Result<> wait_for_spawn();

    pid_t supervisor_ = -1;
    ProcessId program_;
    UniqueFd commands_, reports_, stdout_, stderr_;
    bool all_gone_ = false;
};

// The part of `chunks` that is there to be read now, at most `most` bytes. Empty at end of file or when nothing waits; `ended`
// tells.
std::string read_available(int fd, std::size_t most, bool& ended);

}  // namespace heddle::session
