// LocalSearch: the complete search where the executions are carried out, in the explored process itself, so that nothing has to
// cross a process boundary between one execution and the next. It stops for what a human may want to see: an outcome, a race or
// an obstacle that is new; all else is only counted. Belongs to one thread.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "core/explore/execution_sample.h"
#include "core/explore/race_check.h"
#include "core/explore/search.h"

namespace heddle::explore {

struct SearchStop {
    enum class Why : std::uint8_t {
        kOutcome,    // an end that was not seen before
        kRace,       // a pair of places that was not seen to race before
        kObstacle,   // the search cannot be complete; it can go on
        kForgotten,  // more memory is shared than was thought: all that was counted is void, the search begins anew
        kExhausted,
        kPaused,  // as many executions as asked for, or told to
    } why = Why::kPaused;
    Execution execution;  // for the first three
    DataRace race;
};

class LocalSearch {
public:
    struct Options {
        std::uint32_t step_limit = 10'000;
        bool spurious_wakeups = false;
        trace::Sample* sample = nullptr;  // where the first executions are written down; null: nowhere
    };
    LocalSearch(Executor& executor, Options options) : executor_(executor), options_(options) {
        if (options.sample != nullptr) sample_.emplace(*options.sample);
    }

    // pause: asked now and then.
    template <typename Pause>
    SearchStop go_on(std::uint64_t most_executions, Pause pause) {
        for (std::uint64_t done = 0;; ++done) {
            if (done >= most_executions || (done % kPauseEvery == 0 && pause(*this))) return {};
            const SearchStop stop = step();
            if (stop.why != SearchStop::Why::kPaused || failure_) return stop;
        }
    }

    // Of an execution; the search cannot go on.
    const std::optional<Error>& failure() const { return failure_; }
    std::uint64_t executions() const { return executions_; }
    std::uint64_t redundant() const { return search_.redundant(); }
    std::uint64_t impossible() const { return search_.impossible(); }
    std::size_t depth() const { return search_.depth(); }
    const std::unordered_map<std::uint64_t, std::uint64_t>& outcomes() const { return outcomes_; }  // executions by outcome_key

private:
    static constexpr std::uint64_t kPauseEvery = 16;

    SearchStop step();
    SearchStop take(const Execution& execution);
    Execution visible_part(const Execution& execution);
    void forget();

    Executor& executor_;
    Options options_;
    Search search_;
    RaceCheck races_;
    std::optional<ExecutionSample> sample_;
    std::unordered_map<std::uint64_t, std::uint64_t> outcomes_;
    std::uint64_t executions_ = 0;
    std::optional<Error> failure_;
    bool rehearsed_ = false, again_ = false;
    std::vector<Step> visible_steps_;
    std::vector<Operation> visible_pending_;
    std::vector<std::uint32_t> visible_cut_off_;
};

// What two executions have in common that cannot be told apart by their ends.
std::uint64_t outcome_key(const Execution& execution);
// Whether this ending keeps a search from being complete.
bool is_obstacle(Ending ending);

}  // namespace heddle::explore
