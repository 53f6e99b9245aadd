// Explorer: searches the interleavings of a program and comes to a verdict: a bug with the schedule that has fewest
// preemptions; none, and the search was complete; or none so far. Drives one Executor and Searcher on the caller's thread; may
// take long: progress() is asked again and again and may cancel. Makes no sentences: findings carry kinds, steps and numbers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/explore/ending.h"
#include "core/explore/execution.h"
#include "core/sched/schedule.h"

namespace heddle::explore {

enum class SearchPolicy : std::uint8_t { kDpor, kRandom, kPct };

struct ExploreOptions {
    SearchPolicy policy = SearchPolicy::kDpor;
    std::uint64_t limit = 10'000'000;  // executions
    double timeout_s = 600;
    std::optional<int> preemptions;  // at most so many; the search is then bounded
    bool all = false;                // go on after the first bug, to the end
    std::string stop_at;             // go on until a bug of this kind; empty: any
    bool spurious_wakeups = false;
    std::uint32_t step_limit = 10'000;
    std::optional<std::string> unseen;  // where inline assembly does what no hook sees: the search cannot be complete
};

// "assertion", "crash", "uncaught-exception", "deadlock", "lost-signal", "livelock", "data-race", "lock-leak", "wrong-result",
// "misuse" (of a lock or a thread), "use-after-free", "double-free", "invalid-free".
struct Bug {
    std::string kind, text;
    sched::Schedule schedule;
    int preemptions = 0;
    std::vector<Step> steps;        // of the whole execution
    std::vector<std::uint32_t> at;  // the steps it is about: a race's two accesses
    std::vector<Step> places;       // of a misuse of the heap: where the block was freed, and what was done with it then
    std::uint64_t alive = 0;
    std::vector<Operation> pending;  // by thread: what those alive wait for
    std::vector<trace::Callers> pending_callers;
    std::vector<Blocked> blocked;
    std::uint32_t thread = 0;
    std::uint64_t object = 0, pc = 0;
    std::int64_t value = 0;
    std::uint64_t count = 0;  // executions that showed it
};

struct Outcome {
    std::string value;  // what could be observed, in words
    std::uint64_t count = 0;
    sched::Schedule schedule;  // of the first
    std::string bug;           // its kind; empty: a right outcome
};

enum class VerdictKind : std::uint8_t { kBug, kNoneComplete, kNoneBounded };

// Why a search is not complete.
enum class Incomplete : std::uint8_t {
    kNo,
    kStepLimit,
    kUnsupported,
    kTooLarge,  // memory or threads
    kPreemptions,
    kRandom,
    kLimit,
    kTime,
    kCancelled,
    kOutcomes,
    kImpossible,
    kUnseen,
};

struct ExploreReport {
    VerdictKind verdict = VerdictKind::kNoneBounded;
    Incomplete incomplete = Incomplete::kNo;
    std::string reason;  // the same in words; empty when it is complete
    std::string detail;  // what of it differs from program to program: the call, the limit, the place
    std::uint64_t executions = 0;
    double seconds = 0;  // of searching, without building and starting the program
    std::uint64_t redundant = 0, impossible = 0;
    std::uint64_t forgotten = 0;    // of the executions: before the search began anew, in no count below
    std::vector<Outcome> outcomes;  // most frequent first
    std::vector<Bug> bugs;          // in the order found
    std::unordered_map<std::uint64_t, std::size_t> outcome_of;  // by outcome_key: its place among the outcomes
};

struct Progress {
    std::uint64_t executions = 0;
    double seconds = 0;
    std::size_t depth = 0, outcomes = 0, bugs = 0;
    // What is known so far, with its counts. Not cheap.
    std::function<ExploreReport()> report;
};

struct ExploreHooks {
    // What the end of an execution looks like, asked once for each distinct one; nullopt in wrong: as the lesson expects it.
    struct Judgement {
        std::string value;
        std::optional<std::string> wrong;
    };
    std::function<Judgement(const Execution&)> judge;
    std::function<bool(const Progress&)> progress;  // false: cancel
    // Asked for each execution of a search that is bounded or random.
    std::function<void(const Execution&)> carried_out;
    std::function<bool()> cancelled;  // asked where there is no progress to tell of
};

Result<ExploreReport> explore(Executor& executor, Searcher& searcher, const ExploreOptions& options, const ExploreHooks& hooks);

}  // namespace heddle::explore
