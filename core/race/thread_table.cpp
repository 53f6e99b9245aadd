#include "core/race/thread_table.h"

namespace heddle::race {

using trace::Kind;

bool ThreadTable::see(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads) {
    if (knows(event.thread)) return true;
    const Kind kind = event.kind();
    if (event.thread >= threads.size() || kind == Kind::kLost || kind == Kind::kNote || kind == Kind::kOutput) return false;
    const trace::ThreadInfo& info = threads[event.thread];
    if (info.tid.value <= 0 || info.pid.value <= 0) return false;

    auto process = live_process(info.pid);
    if (!process) {
        process = static_cast<std::uint32_t>(processes_.size());
        processes_.push_back({.pid = info.pid, .space = ++spaces_});
        by_pid_[info.pid] = *process;
    }
    if (threads_.size() <= event.thread) threads_.resize(event.thread + std::size_t{1});
    threads_[event.thread] = {.known = true, .process = *process, .tid = info.tid};
    by_tid_[info.tid] = event.thread;
    return true;
}

std::optional<std::uint32_t> ThreadTable::live_process(ProcessId pid) const {
    const auto found = by_pid_.find(pid);
    if (found == by_pid_.end() || processes_[found->second].over) return std::nullopt;
    return found->second;
}

std::optional<std::uint32_t> ThreadTable::find(ThreadId tid) const {
    const auto found = by_tid_.find(tid);
    return found == by_tid_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::uint32_t> ThreadTable::threads_of(ProcessId pid) const {
    std::vector<std::uint32_t> result;
    const auto found = by_pid_.find(pid);
    if (found == by_pid_.end()) return result;
    for (std::uint32_t i = 0; i < size(); ++i)
        if (threads_[i].known && threads_[i].process == found->second) result.push_back(i);
    return result;
}

std::vector<std::uint32_t> ThreadTable::everybody() const {
    std::vector<std::uint32_t> result;
    for (std::uint32_t i = 0; i < size(); ++i)
        if (threads_[i].known) result.push_back(i);
    return result;
}

std::vector<std::uint32_t> ThreadTable::siblings(std::uint32_t thread) const {
    std::vector<std::uint32_t> result;
    for (std::uint32_t i = 0; i < size(); ++i)
        if (threads_[i].known && threads_[i].process == threads_[thread].process) result.push_back(i);
    return result;
}

std::optional<std::uint32_t> ThreadTable::collected_by(std::uint32_t joiner, std::uint64_t handle) const {
    std::optional<std::uint32_t> live;
    for (std::uint32_t i = size(); i-- > 0;) {
        const ThreadRow& row = threads_[i];
        if (!row.known || row.joined || row.handle != handle || row.process != threads_[joiner].process) continue;
        if (row.ended) return i;
        if (!live) live = i;
    }
    return live;
}

void ThreadTable::new_program(std::uint32_t thread) {
    process_of(thread).space = ++spaces_;
    for (const std::uint32_t sibling : siblings(thread)) threads_[sibling].handle = 0;
}

void ThreadTable::end_process(ProcessId pid) {
    if (const auto process = live_process(pid)) processes_[*process].over = true;
}

}  // namespace heddle::race
