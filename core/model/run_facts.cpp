#include "core/model/run_facts.h"

#include <algorithm>
#include <array>

#include "core/model/region_map.h"

namespace heddle::model {
namespace {

constexpr std::array<std::string_view, kThreadStates> kStateNames = {"new", "ready", "running", "waiting", "terminated"};

std::optional<std::size_t> state_named(std::string_view name) {
    const auto at = std::find(kStateNames.begin(), kStateNames.end(), name);
    if (at == kStateNames.end()) return std::nullopt;
    return static_cast<std::size_t>(at - kStateNames.begin());
}

constexpr std::pair<std::string_view, Cause> kCauseNames[] = {
    {"admitted", Cause::kAdmitted},
    {"dispatch", Cause::kDispatch},
    {"time-out", Cause::kTimeOut},
    {"yield", Cause::kYield},
    {"io", Cause::kIo},
    {"lock", Cause::kLock},
    {"condition", Cause::kCondition},
    {"semaphore", Cause::kSemaphore},
    {"barrier", Cause::kBarrier},
    {"futex", Cause::kFutex},
    {"sleep", Cause::kSleep},
    {"join", Cause::kJoin},
    {"child", Cause::kChild},
    {"page-fault", Cause::kPageFault},
    {"signal", Cause::kSignal},
    {"stopped", Cause::kStopped},
    {"other", Cause::kOther},
    {"wake-up", Cause::kWakeUp},
    {"exit", Cause::kExit},
    {"killed", Cause::kKilled},
};

}  // namespace

bool RunFacts::has_process(int process) const {
    return process >= 1 && static_cast<std::size_t>(process) <= observatory_.live().process_count();
}

std::optional<std::int64_t> RunFacts::parameter(std::string_view name) const {
    const auto& parameters = observatory_.run().parameters;
    const auto found = parameters.find(std::string(name));
    return found == parameters.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> RunFacts::number(std::string_view name) const {
    const World& end = observatory_.live();
    if (name == "threads") return static_cast<double>(end.thread_count());
    if (name == "processes") return static_cast<double>(end.process_count());
    if (name == "events") return static_cast<double>(observatory_.log().size());
    if (name == "dropped") return static_cast<double>(end.lost());
    if (name == "exit.code" || name == "exit.signal") {
        if (!has_process(1) || end.process(1).exit.kind == ProcessExit::Kind::kRunning) return std::nullopt;
        return name == "exit.code" ? end.process(1).exit.code : end.process(1).exit.signal;
    }
    if (name.starts_with("switches.")) {
        std::uint64_t captured = 0, preempted = 0, voluntary = 0, migrations = 0;
        for (Number number = 1; number <= static_cast<Number>(end.thread_count()); ++number) {
            const ThreadWorld& thread = end.thread(number);
            captured += thread.switch_outs;
            preempted += thread.preemptions;
            voluntary += thread.voluntary_switches;
            migrations += thread.migrations;
        }
        if (name == "switches.captured") return static_cast<double>(captured);
        if (name == "switches.preempted") return static_cast<double>(preempted);
        if (name == "switches.voluntary") return static_cast<double>(voluntary);
        if (name == "switches.migrations") return static_cast<double>(migrations);
    }
    if (name == "pages.shared" || name == "pages.copied") {
        double count = 0;
        for (Number number = 1; number <= static_cast<Number>(end.process_count()); ++number)
            for (const auto& [address, page] : *end.process(number).pages)
                count += name == "pages.shared" ? page.was_shared : page.copied;
        return count;
    }
    return std::nullopt;
}

std::string RunFacts::output() const {
    std::string text;
    const trace::EventLogView& log = observatory_.log();
    for (const std::uint64_t index : observatory_.output_events()) {
        const auto& packed = log.packed(index);
        if (packed.detail() == 1) text.append(log.blob(packed.extra));
    }
    return text;
}

std::optional<std::int64_t> RunFacts::transitions(std::string_view from, std::string_view to) const {
    const auto a = state_named(from), b = state_named(to);
    if (!a || !b) return std::nullopt;
    return static_cast<std::int64_t>(observatory_.live().edges()[*a][*b]);
}

std::optional<std::int64_t> RunFacts::transitions_by_cause(std::string_view cause) const {
    for (const auto& [name, value] : kCauseNames)
        if (name == cause)
            return static_cast<std::int64_t>(observatory_.live().transitions_by_cause()[static_cast<std::size_t>(value)]);
    return std::nullopt;
}

std::optional<double> RunFacts::cpu_share(int thread) const {
    const World& end = observatory_.live();
    if (thread < 1 || static_cast<std::size_t>(thread) > end.thread_count()) return std::nullopt;
    double all = 0;
    for (Number number = 1; number <= static_cast<Number>(end.thread_count()); ++number)
        all += static_cast<double>(end.thread(number).in_state(ThreadState::kRunning, end.time()).count());
    if (all <= 0) return std::nullopt;
    return static_cast<double>(end.thread(thread).in_state(ThreadState::kRunning, end.time()).count()) / all;
}

std::optional<std::int64_t> RunFacts::process_signal(int process) const {
    if (!has_process(process)) return std::nullopt;
    const ProcessExit& exit = observatory_.live().process(process).exit;
    if (exit.kind == ProcessExit::Kind::kRunning) return std::nullopt;
    return exit.signal;
}

std::optional<std::int64_t> RunFacts::process_exit_code(int process) const {
    if (!has_process(process)) return std::nullopt;
    const ProcessExit& exit = observatory_.live().process(process).exit;
    if (exit.kind != ProcessExit::Kind::kExited) return std::nullopt;
    return exit.code;
}

const TrackedPage* RunFacts::page(std::string_view variable, int process) const {
    const auto where = address(variable, process);
    if (!where) return nullptr;
    const auto& pages = *observatory_.live().process(process).pages;
    auto after = pages.upper_bound(*where);
    if (after == pages.begin()) return nullptr;
    --after;
    return *where < after->first + after->second.bytes ? &after->second : nullptr;
}

std::optional<bool> RunFacts::page_was_shared(std::string_view variable, int process) const {
    const TrackedPage* found = page(variable, process);
    return found ? std::optional(found->was_shared) : std::nullopt;
}

std::optional<bool> RunFacts::page_is_private(std::string_view variable, int process) const {
    const TrackedPage* found = page(variable, process);
    return found ? std::optional(found->present && found->exclusive) : std::nullopt;
}

std::optional<std::int64_t> RunFacts::deepest_recursion(std::string_view function) const {
    struct Stack {
        CallStack frames;
        std::vector<std::int64_t> live;  // frames of the function at and below each frame
    };
    std::vector<Stack> stacks(observatory_.log().threads().size());
    const World& end = observatory_.live();
    std::int64_t deepest = 0;
    bool known = false;
    for (std::uint64_t index = 0; index < observatory_.log().size(); ++index) {
        const trace::PackedEvent& event = observatory_.log().packed(index);
        if (event.kind() != trace::Kind::kFunctionEntry && event.kind() != trace::Kind::kFunctionExit) continue;
        const Number thread = end.number_of(trace::ThreadIndex{event.thread});
        if (!thread || event.thread >= stacks.size()) continue;
        Stack& stack = stacks[event.thread];
        if (event.kind() == trace::Kind::kFunctionExit) {
            stack.frames.leave(event.detail());
            continue;
        }
        stack.frames.enter({event.pc(), event.address, event.value, event.detail()});
        const Program* program = observatory_.programs().find(end.process(end.thread(thread).process).program);
        const symbols::Function* entered = program ? program->place(event.pc()).function : nullptr;
        const bool match = entered && (entered->name == function || entered->name.ends_with("::" + std::string(function)));
        const std::size_t size = stack.frames.size();
        stack.live.resize(size);
        stack.live[size - 1] = (size > 1 ? stack.live[size - 2] : 0) + match;
        deepest = std::max(deepest, stack.live[size - 1]);
        known |= match;
    }
    return known ? std::optional(deepest) : std::nullopt;
}

}  // namespace heddle::model
