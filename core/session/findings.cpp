#include "core/model/naming.h"
#include "core/session/run_state.h"

namespace heddle::session {
namespace {

const char* finding_id(StopReason reason) {
    switch (reason) {
        case StopReason::kNone:
        case StopReason::kAsked:
            return nullptr;
        case StopReason::kTimeLimit:
            return "time-limit";
        case StopReason::kOutput:
            return "output-limit";
        case StopReason::kMemory:
            return "memory-limit";
        case StopReason::kProcesses:
            return "process-limit";
        case StopReason::kEvents:
            return "event-limit";
        case StopReason::kDeadlock:
            return "nothing-goes-on";
    }
    return nullptr;
}

// Where the last of them began to wait: behind it comes only the end that Heddle made.
std::uint64_t last_wait(const trace::EventLogView& log) {
    std::uint64_t call = log.size();
    while (call > 0 && log.packed(call - 1).kind() != trace::Kind::kCallBegin) --call;
    for (std::uint64_t at = call; call > 0 && at < log.size(); ++at) {
        const trace::PackedEvent& event = log.packed(at);
        if (event.thread == log.packed(call - 1).thread && event.kind() == trace::Kind::kSwitchOut) return at;
    }
    return call > 0 ? call - 1 : log.size();
}

}  // namespace

std::vector<model::Finding> findings_of(const RunState& state, const trace::EventLogView& log) {
    std::vector<model::Finding> findings;
    const auto add = [&findings](const char* id, std::map<std::string, std::string> arguments,
                                 std::optional<std::uint64_t> event) {
        findings.push_back({id, {std::string("finding.") + id, std::move(arguments), model::kNobody}, event, {}});
    };
    if (const char* const id = finding_id(state.stop_reason))
        add(id, {}, state.stop_reason == StopReason::kDeadlock ? last_wait(log) : log.size());
    if (state.exit.kind == model::ProcessExit::Kind::kSignaled && state.stop_reason == StopReason::kNone) {
        add("crash", {{"signal", model::signal_text(state.exit.signal)}}, log.size());
    }
    if (state.killed_rest > 0) add("left-behind", {{"n", std::to_string(state.killed_rest)}}, std::nullopt);
    if (state.dropped > 0) add("lost-events", {{"n", std::to_string(state.dropped)}}, std::nullopt);
    for (const Unavailable& missing : state.unavailable)
        if (missing.facility == "hooks") add("no-hooks", {}, std::nullopt);
    return findings;
}

}  // namespace heddle::session
