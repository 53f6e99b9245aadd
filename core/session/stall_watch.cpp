#include "core/session/stall_watch.h"

#include <algorithm>
#include <map>

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
using trace::CallId;
using trace::Kind;

constexpr Nanoseconds kLookEvery = 100ms;
constexpr int kMostWantedLooks = 64;

// Calls that only another thread, or a child's end, lets return.
bool waits_for_a_thread(CallId call) {
    switch (call) {
        case CallId::kThreadJoin:
        case CallId::kMutexLock:
        case CallId::kRwlockReadLock:
        case CallId::kRwlockWriteLock:
        case CallId::kCondWait:
        case CallId::kBarrierWait:
        case CallId::kOnce:
        case CallId::kSemWait:
        case CallId::kFutexWait:
        case CallId::kWait:
            return true;
        default:
            return false;
    }
}

// The innermost call that each of these threads of the log is in; kNone: it is in the program's own code.
std::map<std::uint32_t, CallId> open_calls(const trace::EventLogView& log, const std::vector<std::uint32_t>& wanted) {
    std::map<std::uint32_t, std::vector<CallId>> calls;
    for (const std::uint32_t thread : wanted) calls[thread];
    for (std::uint64_t at = 0; at < log.size();) {
        const auto chunk = log.chunk_from(at);
        for (const trace::PackedEvent& event : chunk) {
            const Kind kind = event.kind();
            if (kind != Kind::kCallBegin && kind != Kind::kCallEnd && kind != Kind::kProcessStart) continue;
            const auto of = calls.find(event.thread);
            if (of == calls.end()) continue;
            const CallId call = trace::begun_as(static_cast<CallId>(event.detail()));
            if (kind == Kind::kCallBegin) of->second.push_back(call);
            if (kind == Kind::kCallEnd && !of->second.empty() && of->second.back() == call) of->second.pop_back();
            if (kind == Kind::kProcessStart) of->second.clear();
        }
        at += chunk.size();
    }
    std::map<std::uint32_t, CallId> innermost;
    for (const auto& [thread, open] : calls) innermost[thread] = open.empty() ? CallId::kNone : open.back();
    return innermost;
}

}  // namespace

bool StallWatch::is_due(Nanoseconds now) {
    if (now < next_) return false;
    next_ = now + kLookEvery;
    return true;
}

bool StallWatch::stood_still(std::span<const ProcessId> processes) {
    auto standing = kernel::standing_threads(processes);
    if (!standing || standing->empty()) {
        looks_ = 0;
        before_.clear();
        return false;
    }
    looks_ = *standing == before_ ? looks_ + 1 : 0;
    before_ = std::move(*standing);
    return looks_ >= wanted_looks_;
}

bool StallWatch::is_deadlock(std::span<const ProcessId> processes, const trace::EventLogView& log) {
    // Where it turns out to be none, the next time is later: reading all of the log takes its time.
    looks_ = 0;
    wanted_looks_ = std::min(wanted_looks_ * 2, kMostWantedLooks);
    const auto standing = kernel::standing_threads(processes);
    if (!standing || standing->empty()) return false;
    for (const kernel::StandingThread& thread : before_)
        if (std::find(standing->begin(), standing->end(), thread) == standing->end()) return false;
    std::vector<std::uint32_t> known;
    for (const kernel::StandingThread& thread : *standing) {
        const auto threads = log.threads();
        const auto found = std::find_if(threads.rbegin(), threads.rend(), [&](const trace::ThreadInfo& info) {
            return info.tid == thread.tid && info.pid == thread.pid;
        });
        if (found == threads.rend()) return false;
        known.push_back(static_cast<std::uint32_t>(threads.rend() - found - 1));
    }
    const auto calls = open_calls(log, known);
    for (std::size_t i = 0; i < known.size(); ++i) {
        const CallId call = calls.at(known[i]);
        const kernel::StandingThread& thread = (*standing)[i];
        if (!waits_for_a_thread(call) || (call == CallId::kWait) != (thread.word == 0)) return false;
        // A thread's end wakes whoever joins it by a shared word, which nobody else uses.
        if (call != CallId::kThreadJoin && kernel::may_be_known_outside(thread)) return false;
    }
    return std::none_of(processes.begin(), processes.end(), kernel::may_set_alarms);
}

}  // namespace heddle::session
