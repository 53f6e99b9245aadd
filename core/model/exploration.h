// ExploreSnapshot: everything a human can see of an exploration at one instant: how far it is, what came out, the bugs with
// their steps, the tree of interleavings. Made by the exploring thread, immutable from then on, read by the panels. Holds no
// sentences in a human language (explain_exploration.h makes them, as keys).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/model/interleaving_tree.h"
#include "core/model/snapshot.h"
#include "core/model/step_text.h"

namespace heddle::model {

struct FoundBug {
    std::string kind, text, schedule;
    std::string this_order;   // of a race: the schedule up to its second access
    std::string other_order;  // of a race: one with its second access first, up to the other; empty: none is known
    Number thread = kNobody;  // whose step was the last
    std::string object;       // the lock that was misused, or left locked
    int preemptions = 0;
    std::uint64_t count = 0;  // executions that showed it
    std::string file;         // where it shows
    int line = 0;
    std::vector<StepText> steps;    // the execution, without the steps before the threads meet
    std::vector<StepText> at;       // the accesses of a race
    std::vector<StepText> waiting;  // what those still alive wait for
    std::vector<Number> cycle;      // a deadlock's circle of threads, each waiting for the next; empty: none
};

struct FoundOutcome {
    std::string value;  // "counter = 2"
    std::uint64_t count = 0;
    std::string schedule;  // of the first execution that ended so
    std::string bug;       // its kind; empty: a right outcome
};

enum class ExploreStatus : std::uint8_t { kBuilding, kExploring, kEnded, kCancelled, kFailed };
enum class ExploreVerdict : std::uint8_t { kNone, kBug, kNoneComplete, kNoneBounded };  // kNone: not yet

struct ExploreSnapshot {
    ExploreStatus status = ExploreStatus::kBuilding;
    std::string failure;
    std::uint64_t executions = 0;  // each of another interleaving
    double seconds = 0;            // of searching
    bool real_runs = false;        // each execution is a run of its own, with kernel threads and processes
    ExploreVerdict verdict = ExploreVerdict::kNone;
    Sentence incomplete;                 // why not all interleavings were tried; empty: they were, or it is not known yet
    std::vector<FoundOutcome> outcomes;  // most frequent first, the first thousand
    std::size_t distinct_outcomes = 0;   // all there are
    std::vector<FoundBug> bugs;          // in the order found
    std::shared_ptr<const InterleavingTree> tree = std::make_shared<InterleavingTree>();
    std::vector<std::uint32_t> outcome_places;  // of the tree's outcomes among `outcomes`; UINT32_MAX: not among them
    bool tree_is_whole = false;                 // every execution is in it
    bool waits_for_signals = false;             // somebody in it waits on a condition variable

    // Null: the execution was cut off.
    const FoundOutcome* outcome_of(const TreeEnd& end) const {
        if (end.outcome >= outcome_places.size() || outcome_places[end.outcome] >= outcomes.size()) return nullptr;
        return &outcomes[outcome_places[end.outcome]];
    }

    bool at_work() const { return status == ExploreStatus::kBuilding || status == ExploreStatus::kExploring; }
};

}  // namespace heddle::model
