// A run in the Trace Event Format of Chrome, as ui.perfetto.dev and chrome://tracing open it. Called on any thread that may
// wait for the disk; streams, so that a long run needs no more memory than a short one.
//
// Each thread has two tracks: its state (Running, Ready, Waiting, from the kernel's switch records) and what it did (functions
// and calls as slices, everything else as instants). Each CPU has a track with the thread it ran. An arrow leads from the
// thread that woke another to the moment when that one runs. Times are microseconds since the first event.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/export/csv.h"
#include "core/trace/run_file.h"

namespace heddle::exporter {

Result<> export_chrome_trace(const std::string& path, const trace::EventLogView& log, const trace::RunMetadata& metadata,
                             const SymbolName& symbol = {});

}  // namespace heddle::exporter
