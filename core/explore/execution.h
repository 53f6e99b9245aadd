// One execution of the explored program as the search sees it, and the interface to whoever carries executions out: the fibers
// library through the board (core/session/explore_lab.h), or a toy program in tests. Plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <optional>

#include "core/base/result.h"
#include "core/trace/board.h"

namespace heddle::explore {

using trace::Choice;
using trace::Ending;
using trace::Operation;
using trace::OperationKind;
using trace::Step;

inline constexpr std::size_t kMostThreads = trace::kMostFibers;

// A thread that is asleep as far as its step would come out in one of these ways, a bit each.
struct PartlyAsleep {
    std::uint8_t thread;
    std::uint64_t choices;
};

// What the executor is asked for.
struct Request {
    std::span<const Choice> prefix;
    std::uint32_t sleep_from = 0;  // the step from which on `asleep` counts
    std::uint64_t asleep = 0;
    std::vector<PartlyAsleep> asleep_in_part;
    std::uint32_t step_limit = 10'000;
    trace::Follow follow = trace::Follow::kSame;
    std::uint64_t seed = 1;
    bool every_access = false;
    bool spurious_wakeups = false;
    bool first_cycle = false;  // a livelock ends the execution when it has gone round once, however it came there
};

// A thread that waits at a pipe of which another one's process, or its own, has the other end open.
struct Blocked {
    std::uint32_t waiting, other;
};

// Valid until the executor is asked again.
struct Execution {
    std::span<const Step> steps;
    std::uint32_t threads = 0;
    std::uint64_t alive = 0;                 // at the end, a bit a thread
    std::span<const Operation> pending;      // of those alive, and of those cut off, by thread
    std::span<const std::uint32_t> cut_off;  // by thread: 1 + the step that ended its process before it did what was pending
    std::span<const trace::Callers> pending_callers;
    Ending ending = Ending::kNone;
    std::int64_t value = 0;
    std::uint64_t object = 0, pc = 0;
    std::uint32_t thread = 0;
    std::span<const Step> places;      // of an ending that two places in the code are to blame for
    std::span<const Blocked> blocked;  // of a deadlock between processes: as far as the steps do not tell
    std::string_view text, output;
    std::uint64_t digest = 0;         // of the program's own variables and its output
    std::uint32_t newly_visible = 0;  // memory that turned out to be shared
};

// The request, as the board carries it; false: its prefix is longer than that.
inline bool write_request(const Request& request, trace::Board& board) {
    if (request.prefix.size() > trace::kMostSteps) return false;
    std::copy(request.prefix.begin(), request.prefix.end(), board.prefix);
    board.prefix_length = static_cast<std::uint32_t>(request.prefix.size());
    board.sleep_from = request.sleep_from;
    board.asleep = request.asleep;
    board.partly_asleep = 0;
    for (const PartlyAsleep& each : request.asleep_in_part) {
        board.partly_asleep |= std::uint64_t{1} << each.thread;
        board.asleep_choices[each.thread] = each.choices;
    }
    board.step_limit = std::min(request.step_limit, trace::kMostSteps);
    board.follow = request.follow;
    board.seed = request.seed;
    board.every_access = request.every_access ? 1 : 0;
    board.spurious = request.spurious_wakeups ? 1 : 0;
    board.first_cycle = request.first_cycle ? 1 : 0;
    return true;
}

// What the board tells of the latest execution, with every number held to its bounds: the program may have scribbled there.
inline Execution execution_on(const trace::Board& board) {
    Execution execution;
    execution.steps = {board.steps, std::min(board.step_count, trace::kMostSteps)};
    execution.threads = std::clamp<std::uint32_t>(board.thread_count, 1, trace::kMostFibers);
    execution.alive = board.alive;
    execution.pending = {board.pending, trace::kMostFibers};
    execution.cut_off = {board.cut_off, trace::kMostFibers};
    execution.pending_callers = {board.pending_callers, trace::kMostFibers};
    execution.ending = board.ending;
    execution.value = board.value;
    execution.object = board.object;
    execution.pc = board.pc;
    execution.thread = board.thread;
    execution.places = {board.places, std::min<std::size_t>(board.place_count, std::size(board.places))};
    execution.text = {board.text, std::find(board.text, board.text + trace::kBoardTextBytes, '\0')};
    execution.output = {board.output, std::min(board.output_bytes, trace::kOutputBytes)};
    execution.digest = board.digest;
    execution.newly_visible = board.newly_visible;
    return execution;
}

class Executor {
public:
    virtual ~Executor() = default;
    virtual Result<Execution> run(const Request& request) = 0;
    // Whether several threads use this memory and one of them writes, as far as the executions showed.
    virtual bool visible(const Operation& access) const = 0;
};

// Whoever carries out a whole search (local_search.h) in a place of its own and tells of it.
struct SearchNews {
    bool exhausted = false, forgotten = false;
    bool obstacle = false;                                        // in the execution
    std::optional<Execution> execution;                           // a new outcome, or one with a new race
    std::optional<std::pair<std::uint32_t, std::uint32_t>> race;  // two of its steps
    std::uint64_t executions = 0, redundant = 0, impossible = 0;  // so far
    std::size_t depth = 0;
};

class Searcher {
public:
    virtual ~Searcher() = default;
    // Goes on, from the beginning the first time, until there is news, or for about a tenth of a second.
    virtual Result<SearchNews> search(std::uint32_t step_limit, bool spurious_wakeups, std::uint64_t most_executions) = 0;
    // How many executions had each outcome_key.
    virtual std::vector<std::pair<std::uint64_t, std::uint64_t>> outcome_counts() const = 0;
};

}  // namespace heddle::explore
