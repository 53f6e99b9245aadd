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
    std::optional<Request> next();  // nullopt: none is left
    void take(const Execution& execution);
    int preemptions() const { return cost_; }  // of the executions asked for now

private:
    int most_, cost_ = 0;
    std::vector<std::deque<std::vector<Choice>>> waiting_;  // beginnings, by their preemptions
    std::vector<Choice> prefix_;
};

}  // namespace heddle::explore
