// Every execution with at most so many preemptions, those with fewest first (Musuvathi and Qadeer, PLDI 2007). Used to find the
// schedule of a bug that is easiest to follow, and for a search that is bounded on request. Belongs to one thread.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "core/explore/execution.h"

namespace heddle::explore {

class BoundedSearch {
public:
    explicit BoundedSearch(int preemptions) : most_(preemptions), waiting_(static_cast<std::size_t>(preemptions) + 1) {
        waiting_[0].emplace_back();
    }
    // Only those that begin as this execution does and leave it where it has its last preemption behind it, but before a thread
    // goes round for the third time.
    static BoundedSearch behind(std::span<const Step> steps, int preemptions);
    std::optional<Request> next();  // nullopt: none is left
    void take(const Execution& execution);
    int preemptions() const { return cost_; }  // of the executions asked for now

private:
    void offer_others(std::span<const Step> steps, std::size_t from, std::uint32_t threads, int cost);

    int most_, cost_ = 0;
    std::vector<std::deque<std::vector<Choice>>> waiting_;  // beginnings, by their preemptions
    std::vector<Choice> prefix_;
};

// How many steps come before the one that its thread does for the third time in a row without anybody in between.
std::size_t before_third_round(std::span<const Step> steps);

}  // namespace heddle::explore
