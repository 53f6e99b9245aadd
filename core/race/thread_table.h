// ThreadTable: who the threads of a log are to each other: process, address space, pthread_t, who joined whom. Fed every event
// in order; trusts none. Pure bookkeeping on the caller's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/trace/event_log.h"

namespace heddle::race {

struct ThreadRow {
    bool known = false;  // an event of it was seen
    bool ended = false, joined = false;
    std::uint32_t process = 0;  // number in the table
    ThreadId tid;
    std::uint64_t handle = 0;  // pthread_t; 0 not seen
};

struct ProcessRow {
    ProcessId pid;
    std::uint32_t space = 0;  // of its present program: race/place.h
    bool over = false;        // reaped: its pid may be another's now
    bool hooked = false;      // its start was seen
};

class ThreadTable {
public:
    // Makes rows for the event's thread and process at first sight. False for an event that speaks of no thread.
    bool see(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads);

    bool knows(std::uint32_t thread) const { return thread < threads_.size() && threads_[thread].known; }
    ThreadRow& thread(std::uint32_t thread) { return threads_[thread]; }  // knows(thread)
    const ThreadRow& thread(std::uint32_t thread) const { return threads_[thread]; }
    ProcessRow& process_of(std::uint32_t thread) { return processes_[threads_[thread].process]; }
    const ProcessRow& process_of(std::uint32_t thread) const { return processes_[threads_[thread].process]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(threads_.size()); }

    std::optional<std::uint32_t> find(ThreadId tid) const;       // the latest with that tid
    std::vector<std::uint32_t> threads_of(ProcessId pid) const;  // of the latest process with that pid
    std::vector<std::uint32_t> everybody() const;
    std::vector<std::uint32_t> siblings(std::uint32_t thread) const;  // of its process, itself too
    // Whom a join of this pthread_t by `joiner` collected: the latest of them that ended and was not joined yet.
    std::optional<std::uint32_t> collected_by(std::uint32_t joiner, std::uint64_t handle) const;

    void new_program(std::uint32_t thread);  // exec: nothing of the old memory is left
    void end_process(ProcessId pid);

private:
    std::optional<std::uint32_t> live_process(ProcessId pid) const;

    std::vector<ThreadRow> threads_;
    std::vector<ProcessRow> processes_;
    std::unordered_map<ThreadId, std::uint32_t> by_tid_;
    std::unordered_map<ProcessId, std::uint32_t> by_pid_;
    std::uint32_t spaces_ = 0;
};

}  // namespace heddle::race
