// RunState: what is known of a run beside its events, whether it was just recorded or opened from a file. Plain values of the
// session's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/unavailable.h"
#include "core/catalog/own_program.h"
#include "core/model/snapshot.h"
#include "core/session/recorder.h"

namespace heddle::session {

struct UserSource {
    std::filesystem::path path;  // as the debug information names it
    std::string text;
};

struct RunState {
    model::RunInfo info;
    model::RunStatus status = model::RunStatus::kBuilding;
    std::string failure;
    model::ProcessExit exit;
    StopReason stop_reason = StopReason::kNone;
    std::int64_t killed_rest = 0;  // processes that outlived the program
    model::SwitchCounts switches;
    std::uint64_t dropped = 0;  // events lost, wherever
    std::vector<Unavailable> unavailable;
    std::vector<UserSource> sources;         // the user's own, the one shown first in front
    std::string program_bytes;               // the program's ELF file
    std::optional<catalog::OwnProgram> own;  // a person's own program, as it was built and run
    std::optional<std::string> input;        // what it could read, where that is known
};

// What went wrong in the run as a whole: crash, time limit, lost events …
std::vector<model::Finding> findings_of(const RunState& state, const trace::EventLogView& log);

}  // namespace heddle::session
