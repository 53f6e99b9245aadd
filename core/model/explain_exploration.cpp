#include "core/model/explain_exploration.h"

#include "core/trace/ending_text.h"

namespace heddle::model {
namespace {

std::string name_of(Number thread) {
    return "T" + std::to_string(thread);
}

std::string circle(const std::vector<Number>& threads) {
    std::string text;
    for (const Number thread : threads) text += name_of(thread) + " → ";
    return text + name_of(threads.front());
}

// Who waits for a signal.
Number waiter(const FoundBug& bug) {
    for (const StepText& step : bug.waiting)
        if (step.operation == "lock" || step.operation == "wait") return step.thread;
    return bug.waiting.empty() ? kNobody : bug.waiting.front().thread;
}

}  // namespace

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
    return text;
}

Sentence sentence_of(const FoundBug& bug) {
    Sentence sentence{"explore.bug." + bug.kind, {}, kNobody};
    if (bug.at.size() == 2) {
        const StepText &a = bug.at[0], &b = bug.at[1];
        if (bug.kind == "data-race")
            sentence.key += a.operation == "read" ? "_read_write" : b.operation == "read" ? "_write_read" : "_write_write";
        sentence.arguments = {{"object", b.object},
                              {"a", name_of(a.thread)},
                              {"line_a", std::to_string(a.line)},
                              {"b", name_of(b.thread)},
                              {"line_b", std::to_string(b.line)}};
    } else if (bug.kind == "deadlock" && !bug.cycle.empty()) {
        sentence.key += "_circle";
        sentence.arguments = {{"circle", circle(bug.cycle)}};
    } else if (bug.kind == "lost-signal") {
        sentence.arguments = {{"thread", name_of(waiter(bug))}};
    } else {
        sentence.key += bug.text.empty() ? "_plain" : trace::ending_text_suffix(bug.text);
        sentence.arguments = {{"text", bug.text}, {"thread", name_of(bug.thread)}, {"object", bug.object}};
    }
    return sentence;
}

Sentence sentence_of(const ExploreSnapshot& exploration) {
    const std::map<std::string, std::string> numbers = {{"executions", grouped(exploration.executions)},
                                                        {"bugs", grouped(exploration.bugs.size())}};
    switch (exploration.verdict) {
        case ExploreVerdict::kBug:
            return {exploration.incomplete.empty() ? "explore.verdict.bug" : "explore.verdict.bug_bounded", numbers, kNobody};
        case ExploreVerdict::kNoneComplete:
            return {"explore.verdict.none", numbers, kNobody};
        case ExploreVerdict::kNoneBounded:
            return {"explore.verdict.none_bounded", numbers, kNobody};
        case ExploreVerdict::kNone:
            break;
    }
    switch (exploration.status) {
        case ExploreStatus::kBuilding:
            return {"explore.status.building", {}, kNobody};
        case ExploreStatus::kExploring:
        case ExploreStatus::kEnded:
            return {exploration.bugs.empty() ? "explore.status.exploring" : "explore.status.exploring_bugs", numbers, kNobody};
        case ExploreStatus::kCancelled:
            return {"explore.status.cancelled", numbers, kNobody};
        case ExploreStatus::kFailed:
            return {"explore.status.failed", {{"message", exploration.failure}}, kNobody};
    }
    return {};
}

Sentence sentence_of(const StepText& step) {
    Sentence sentence{"explore.step." + step.operation, {{"object", step.object}, {"value", step.value}}, step.thread};
    if (!step.value.empty() && step.operation == "read") sentence.key += "_value";
    if (step.object.empty() && step.operation == "wait_child") sentence.key += "_any";
    return sentence;
}

}  // namespace heddle::model
