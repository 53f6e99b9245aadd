// A run as a .heddle file keeps it: RunState and log to RunFile and back. Pure.
#pragma once

#include "core/base/result.h"
#include "core/session/run_state.h"
#include "core/trace/run_file.h"

namespace heddle::session {

trace::RunFile to_run_file(const RunState& state, const trace::EventLogView& log);
// An Error names the entry that is missing or makes no sense.
Result<RunState> from_run_file(const trace::RunFile& file);

}  // namespace heddle::session
