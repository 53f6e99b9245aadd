#include "core/explore/bounded_search.h"

namespace heddle::explore {

std::optional<Request> BoundedSearch::next() {
    for (cost_ = 0; cost_ <= most_; ++cost_) {
        auto& beginnings = waiting_[static_cast<std::size_t>(cost_)];
        if (beginnings.empty()) continue;
        prefix_ = std::move(beginnings.front());
        beginnings.pop_front();
        Request request;
        request.prefix = prefix_;
        return request;
    }
    return std::nullopt;
}

void BoundedSearch::take(const Execution& execution) {
    std::vector<Choice> path(prefix_);
    for (std::size_t i = prefix_.size(); i < execution.steps.size(); ++i) {
        const Step& step = execution.steps[i];
        const auto offer = [&](std::uint8_t thread, std::uint8_t choice, int preemptions) {
            if (cost_ + preemptions > most_) return;
            std::vector<Choice> beginning(path);
            beginning.push_back({thread, choice});
            waiting_[static_cast<std::size_t>(cost_ + preemptions)].push_back(std::move(beginning));
        };
        const std::uint8_t before = i > 0 ? execution.steps[i - 1].thread : step.thread;
        const bool could_go_on = i > 0 && (step.enabled >> before & 1) != 0;
        for (std::uint8_t choice = 1; choice < step.choices; ++choice) offer(step.thread, choice, 0);
        for (std::uint8_t thread = 0; thread < execution.threads; ++thread) {
            if (thread != step.thread && (step.enabled >> thread & 1) != 0) {
                offer(thread, 0, could_go_on && thread != before ? 1 : 0);
            }
        }
        path.push_back({step.thread, step.choice});
    }
}

}  // namespace heddle::explore
