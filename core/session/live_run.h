// LiveRun: builds a request's program and records it. start() may take as long as a compiler; everything after it is quick.
// Belongs to the session's thread.
#pragma once

#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/program_builder.h"
#include "core/session/recorder.h"
#include "core/session/run_state.h"
#include "core/session/session.h"

namespace heddle::session {

// The request with its variant and all parameters filled in, or an Error that says what is allowed.
Result<RunRequest> complete_request(RunRequest request);

// What is known of a run before it starts: ids, the machine.
model::RunInfo describe_run(const RunRequest& request);

class LiveRun {
public:
    struct Hooks {
        std::stop_token stop;  // cancels building
        std::function<void(const catalog::BuildProgress&)> progress{};
    };
    static tl::expected<std::unique_ptr<LiveRun>, catalog::BuildError> start(const RunRequest& request, const Hooks& hooks);

    Recorder& recorder() { return *recorder_; }
    const Recorder& recorder() const { return *recorder_; }
    Gate* gate() { return gate_.get(); }  // null: the threads run free
    // As of the last collect().
    RunState state() const;

private:
    LiveRun() = default;

    RunState initial_;
    std::shared_ptr<const void> keeps_program_;  // the program's private folder, where no cache could be written
    std::shared_ptr<Gate> gate_;
    std::unique_ptr<Recorder> recorder_;
};

}  // namespace heddle::session
