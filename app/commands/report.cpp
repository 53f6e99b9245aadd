#include "app/commands/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/model/naming.h"

namespace heddle::commands {
namespace {

using nlohmann::json;

json exit_json(const model::ProcessExit& exit) {
    switch (exit.kind) {
        case model::ProcessExit::Kind::kRunning:
            return {{"kind", "running"}};
        case model::ProcessExit::Kind::kExited:
            return {{"kind", "exited"}, {"code", exit.code}};
        case model::ProcessExit::Kind::kSignaled:
            return {{"kind", "signaled"}, {"signal", exit.signal}};
        case model::ProcessExit::Kind::kStoppedByHeddle:
            return {{"kind", "stopped"}, {"signal", exit.signal}};
    }
    return {};
}

json sentence_json(const model::Sentence& sentence) {
    json object = {{"key", sentence.key}, {"arguments", sentence.arguments}};
    if (sentence.thread != model::kNobody) object["thread"] = sentence.thread;
    return object;
}

json findings_json(const model::Snapshot& run) {
    json findings = json::array();
    for (const model::Finding& finding : run.findings) {
        json object = {{"id", finding.id}, {"sentence", sentence_json(finding.sentence)}};
        if (finding.event) object["event"] = *finding.event;
        for (const model::FindingPlace& place : finding.places)
            object["places"].push_back(
                {{"thread", place.thread}, {"file", place.file}, {"line", place.line}, {"event", place.event}});
        findings.push_back(std::move(object));
    }
    return findings;
}

json claims_json(const model::Snapshot& run) {
    json claims = json::array();
    for (const model::ClaimResult& claim : run.claims)
        claims.push_back({{"id", claim.id}, {"ok", claim.ok}, {"required", claim.required}, {"detail", claim.detail}});
    return claims;
}

json step_json(const model::StepView& step) {
    json object = {{"steps", step.steps}, {"schedule", step.schedule}, {"over", nullptr}};
    if (!step.over.empty()) object["over"] = step.over.substr(step.over.find('_') + 1);
    return object;
}

json unavailable_json(const model::Snapshot& run) {
    json list = json::array();
    for (const Unavailable& missing : run.unavailable) {
        list.push_back({{"facility", missing.facility}, {"reason", missing.reason}, {"remedy", missing.remedy}});
    }
    return list;
}

}  // namespace

bool succeeded(const model::Snapshot& run) {
    if (run.step && run.status == model::RunStatus::kRunning) return run.step->over.empty();
    const bool claims_hold = std::all_of(run.claims.begin(), run.claims.end(),
                                         [](const model::ClaimResult& claim) { return claim.ok || !claim.required; });
    return run.status == model::RunStatus::kEnded && run.exit.kind == model::ProcessExit::Kind::kExited && run.exit.code == 0 &&
           claims_hold;
}

std::string run_report_json(const model::Snapshot& run) {
    json object = {
        {"scenario", run.run.scenario},
        {"variant", run.run.variant},
        {"parameters", run.run.parameters},
        {"mode", run.run.mode},
        {"processes", run.processes.size()},
        {"threads", run.threads.size()},
        {"events", run.log.size()},
        {"dropped", run.dropped},
        {"exit", exit_json(run.exit)},
        {"stdout", run.output},
        {"stderr", run.errors},
        {"switches",
         {{"source", run.switches.source},
          {"captured", run.switches.captured},
          {"after_exit", run.switches.after_exit},
          {"kernel", run.switches.kernel},
          {"preempted", run.switches.preempted},
          {"voluntary", run.switches.voluntary},
          {"migrations", run.switches.migrations}}},
        {"findings", findings_json(run)},
        {"claims", claims_json(run)},
        {"unavailable", unavailable_json(run)},
        {"machine", run.run.machine},
        {"kernel", run.run.kernel},
    };
    if (run.step) object["step"] = step_json(*run.step);
    // A program may print any bytes: what is not UTF-8 is replaced, never an exception.
    return object.dump(2, ' ', false, json::error_handler_t::replace);
}

std::string run_report_text(const model::Snapshot& run, const Texts& texts) {
    const auto number = [](std::uint64_t value) { return std::to_string(value); };
    std::string exit;
    switch (run.exit.kind) {
        case model::ProcessExit::Kind::kRunning:
            exit = texts.tr(!run.step ? "report.exit.running" : run.step->over.empty() ? "report.exit.stands" : run.step->over);
            break;
        case model::ProcessExit::Kind::kExited:
            exit = texts.tr("report.exit.exited", {{"code", std::to_string(run.exit.code)}});
            break;
        case model::ProcessExit::Kind::kSignaled:
            exit = texts.tr("report.exit.signaled", {{"signal", model::signal_text(run.exit.signal)}});
            break;
        case model::ProcessExit::Kind::kStoppedByHeddle:
            exit = texts.tr("report.exit.stopped");
            break;
    }
    std::string text = run.output;
    if (!text.empty() && text.back() != '\n') text += '\n';
    text += texts.tr("report.run", {{"scenario", run.run.scenario}, {"variant", run.run.variant}, {"exit", exit}}) + "\n";
    text += texts.tr("report.counts", {{"processes", number(run.processes.size())},
                                       {"threads", number(run.threads.size())},
                                       {"events", number(run.log.size())},
                                       {"dropped", number(run.dropped)}}) +
            "\n";
    text += texts.tr("report.switches", {{"captured", number(run.switches.captured)},
                                         {"kernel", run.switches.kernel < 0 ? "?" : std::to_string(run.switches.kernel)},
                                         {"preempted", number(run.switches.preempted)},
                                         {"voluntary", number(run.switches.voluntary)},
                                         {"source", texts.tr(run.switches.source)}}) +
            "\n";
    if (run.step)
        text += texts.tr("report.steps", {{"steps", number(run.step->steps)}, {"schedule", run.step->schedule}}) + "\n";
    for (const model::Finding& finding : run.findings)
        text += "! " + texts.tr(finding.sentence.key, finding.sentence.arguments) + "\n";
    for (const model::ClaimResult& claim : run.claims) text += (claim.ok ? "✓ " : "✗ ") + claim.id + ": " + claim.detail + "\n";
    return text;
}

}  // namespace heddle::commands
