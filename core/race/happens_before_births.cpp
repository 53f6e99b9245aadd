// How threads and processes hand their past on: create, start, join, fork, exec, wait.
#include <algorithm>

#include "core/race/happens_before.h"

namespace heddle::race {

using trace::CallId;

namespace {

bool makes_child(CallId call) {
    return call == CallId::kThreadCreate || call == CallId::kFork || call == CallId::kVfork || call == CallId::kSpawn;
}

ThreadId narrow_tid(std::uint64_t value) {
    return ThreadId{static_cast<std::int32_t>(static_cast<std::uint32_t>(value))};
}

}  // namespace

// The child's past is its parent's at the begin of the call that made it, not at the child's first event: what the parent does
// after the call is concurrent with the child. False when that call is not known.
bool HappensBefore::inherit(std::uint32_t child, std::uint32_t parent) {
    ThreadClock& from = at(parent);
    const std::int32_t id = table_.thread(child).tid.value;
    const auto told = std::find_if(from.children.begin(), from.children.end(), [&](const Child& c) { return c.id == id; });
    ClockRef past;
    if (told != from.children.end()) {
        past = std::move(told->past);
        from.children.erase(told);
    } else {
        for (std::size_t i = from.open.size(); i-- > 0 && !past;)
            if (makes_child(from.open[i].call)) past = from.open[i].before;
    }
    if (!past) return false;
    at(child).now.join(*past);
    return at(child).born = true;
}

void HappensBefore::kernel_fork(std::uint32_t child, const trace::PackedEvent& event) {
    // The look that found it began before it was made, perhaps while its creator was making another one.
    if ((event.detail() & trace::kSampledBirth) != 0) return;
    const auto parent = table_.find(narrow_tid(event.value));
    if (parent && *parent != child) inherit(child, *parent);
}

void HappensBefore::thread_start(std::uint32_t child, const trace::PackedEvent& event) {
    table_.thread(child).handle = event.address;
    const auto creator = table_.find(narrow_tid(event.value));
    const ThreadRow& row = table_.thread(child);
    if (at(child).born || row.tid.value == table_.process_of(child).pid.value) return;
    if (creator && *creator != child) {
        if (!inherit(child, *creator)) at(child).now.join(*publish(*creator));
    } else {  // made behind the hooks' back: by any of the others
        at(child).now.join(*everything(table_.siblings(child)));
    }
}

void HappensBefore::process_start(std::uint32_t child, const trace::PackedEvent& event) {
    ProcessRow& process = table_.process_of(child);
    const bool executed = event.detail() == static_cast<std::uint8_t>(trace::StartKind::kExecuted);
    if (executed && process.hooked) table_.new_program(child);
    process.hooked = true;
    if (at(child).born) return;
    const auto parents = table_.threads_of(ProcessId{narrow_tid(event.value).value});
    for (const std::uint32_t parent : parents)
        if (parent != child && inherit(child, parent)) return;
    at(child).now.join(*everything(parents));
}

void HappensBefore::joined(std::uint32_t joiner, std::uint64_t handle) {
    const auto other = table_.collected_by(joiner, handle);
    if (!other || *other == joiner) return;
    ThreadRow& row = table_.thread(*other);
    row.joined = true;
    if (!row.ended) {
        at(joiner).now.join(*publish(*other));
    } else {
        at(joiner).now.join(at(*other).now);
    }
}

void HappensBefore::process_waited(std::uint32_t waiter, std::int64_t pid) {
    const ProcessId reaped{static_cast<std::int32_t>(pid)};
    if (reaped == table_.process_of(waiter).pid) return;
    for (const std::uint32_t thread : table_.threads_of(reaped)) at(waiter).now.join(*publish(thread));
    table_.end_process(reaped);
}

}  // namespace heddle::race
