#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/session/explored_program.h"

namespace heddle::session {
namespace {

using trace::Operation;
using trace::OperationKind;

// Who holds each lock after these steps.
std::map<std::uint64_t, int> holders_after(const std::vector<trace::Step>& steps) {
    std::map<std::uint64_t, int> holders;
    for (const trace::Step& step : steps) {
        const Operation& operation = step.operation;
        if (trace::takes_lock_alone(operation)) {
            holders[operation.object] = step.thread;
        } else if (operation.kind == OperationKind::kUnlock) {
            holders.erase(operation.object);
        } else if (const std::uint64_t mutex = trace::lets_go_of(operation); mutex != 0) {
            holders.erase(mutex);
        }
    }
    return holders;
}

// A child of this thread, among those alive, that it waits for: this one, or, at 0, any.
int awaited_child(const explore::Bug& bug, std::size_t thread, std::uint64_t child) {
    for (const trace::Step& step : bug.steps) {
        const Operation& fork = step.operation;
        if (fork.kind != OperationKind::kFork || step.thread != thread || fork.object == 0) continue;
        if ((child == 0 || child == fork.object + 1) && (bug.alive >> fork.object & 1) != 0)
            return static_cast<int>(fork.object);
    }
    return -1;
}

// Whose end of a pipe keeps it waiting: another's first, for its own it may have forgotten besides.
int blocked_by(const explore::Bug& bug, std::size_t thread) {
    int by = -1;
    for (const explore::Blocked& each : bug.blocked) {
        if (each.waiting == thread && (by < 0 || by == static_cast<int>(thread))) by = static_cast<int>(each.other);
    }
    return by;
}

// The circle of threads that wait for each other.
std::vector<int> find_cycle(const explore::Bug& bug) {
    const std::map<std::uint64_t, int> holders = holders_after(bug.steps);
    std::vector<int> waits_for(bug.pending.size(), -1);
    for (std::size_t thread = 0; thread < bug.pending.size(); ++thread) {
        if ((bug.alive >> thread & 1) == 0) continue;
        const Operation& pending = bug.pending[thread];
        if (pending.kind == OperationKind::kJoin) waits_for[thread] = static_cast<int>(pending.object);
        if (pending.kind == OperationKind::kWaitChild) waits_for[thread] = awaited_child(bug, thread, pending.object);
        if (trace::is_channel_operation(pending.kind)) waits_for[thread] = blocked_by(bug, thread);
        if (pending.kind != OperationKind::kLock || (trace::is_after_wait(pending) && pending.value == 0)) continue;
        auto holder = holders.find(pending.object);
        if (holder == holders.end()) holder = holders.find(trace::looks_also_at(pending));
        if (holder != holders.end()) waits_for[thread] = holder->second;
    }
    for (std::size_t first = 0; first < waits_for.size(); ++first) {
        std::vector<int> path;
        int at = static_cast<int>(first);
        while (at >= 0 && std::find(path.begin(), path.end(), at) == path.end()) {
            path.push_back(at);
            at = waits_for[static_cast<std::size_t>(at)];
        }
        if (at != static_cast<int>(first)) continue;
        for (int& thread : path) ++thread;
        return path;
    }
    return {};
}

// A type as the source spells it, from its name in the program.
std::string readable_type(const std::string& name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status),
                                                           &std::free);
    return text != nullptr ? text.get() : name;
}

// The step of the execution that was done in this place.
std::optional<std::size_t> step_of(const trace::Step& place, const std::vector<trace::Step>& steps) {
    const auto same = [&](const trace::Step& step) {
        return step.thread == place.thread && step.operation.kind == place.operation.kind &&
               step.operation.pc == place.operation.pc && step.operation.object == place.operation.object;
    };
    const auto found = std::find_if(steps.rbegin(), steps.rend(), same);
    if (found == steps.rend()) return std::nullopt;
    return static_cast<std::size_t>(steps.rend() - found) - 1;
}

}  // namespace

FoundBug in_words(const explore::Bug& bug, ExploredProgram& program) {
    FoundBug found;
    found.kind = bug.kind;
    found.text = bug.kind == "uncaught-exception" ? readable_type(bug.text) : bug.text;
    found.schedule = sched::to_text(bug.schedule);
    if (bug.at.size() == 2) {
        found.this_order = sched::to_text(sched::schedule_of(std::span(bug.steps).first(bug.at[1] + 1)));
        const sched::Schedule other = sched::other_order(bug.steps, bug.at[0], bug.at[1]);
        if (!other.blocks.empty()) found.other_order = sched::to_text(other);
    }
    found.thread = static_cast<model::Number>(bug.thread + 1);
    if ((bug.kind == "misuse" || bug.kind == "lock-leak") && bug.object != 0) found.object = program.object_name(bug.object);
    found.preemptions = bug.preemptions;
    found.count = bug.count;
    for (const trace::Step& step : bug.steps) found.steps.push_back(program.words(step));
    for (const std::uint32_t at : bug.at) found.at.push_back(found.steps[at]);
    for (const trace::Step& place : bug.places) {
        const auto step = step_of(place, bug.steps);
        found.at.push_back(step ? found.steps[*step] : program.words(place));
    }
    for (std::size_t thread = 0; thread < bug.pending.size(); ++thread) {
        if ((bug.alive >> thread & 1) == 0) continue;
        found.waiting.push_back(program.words(static_cast<int>(thread), bug.pending[thread], bug.pending_callers[thread]));
    }
    if (bug.kind == "deadlock") found.cycle = find_cycle(bug);
    Operation place;
    place.pc = bug.pc;
    const auto callers = bug.thread < bug.pending_callers.size() ? bug.pending_callers[bug.thread] : trace::Callers{};
    const StepText shown = !found.at.empty() ? found.at.back()
                           : bug.pc != 0     ? program.words(static_cast<int>(bug.thread), place, callers)
                                             : StepText{};
    found.file = shown.file;
    found.line = shown.line;
    return found;
}

}  // namespace heddle::session
