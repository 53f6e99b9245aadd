#include "core/explore/bounded_search.h"

#include <algorithm>

#include "core/sched/schedule.h"

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
    offer_others(execution.steps, prefix_.size(), execution.threads, cost_);
}

// What goes the same way up to one of these steps, and there another one.
void BoundedSearch::offer_others(std::span<const Step> steps, std::size_t from, std::uint32_t threads, int cost) {
    std::vector<Choice> path;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        const auto offer = [&](std::uint8_t thread, std::uint8_t choice, int preemptions) {
            if (cost + preemptions > most_) return;
            std::vector<Choice> beginning(path);
            beginning.push_back({thread, choice});
            waiting_[static_cast<std::size_t>(cost + preemptions)].push_back(std::move(beginning));
        };
        const std::uint8_t before = i > 0 ? steps[i - 1].thread : step.thread;
        const bool could_go_on = i > 0 && (step.enabled >> before & 1) != 0;
        for (std::uint8_t choice = 1; i >= from && choice < step.choices; ++choice) offer(step.thread, choice, 0);
        for (std::uint8_t thread = 0; i >= from && thread < threads; ++thread) {
            if (thread != step.thread && (step.enabled >> thread & 1) != 0) {
                offer(thread, 0, could_go_on && thread != before ? 1 : 0);
            }
        }
        path.push_back({step.thread, step.choice});
    }
}

BoundedSearch BoundedSearch::behind(std::span<const Step> steps, int preemptions) {
    BoundedSearch search(preemptions);
    search.waiting_[0].clear();
    const std::span<const Step> known = steps.first(before_third_round(steps));
    std::size_t last = known.size();
    while (last > 0 && sched::preemptions_of(known.first(last)) == sched::preemptions_of(known)) --last;
    search.offer_others(known, last + 1, kMostThreads, sched::preemptions_of(known));
    return search;
}

std::size_t before_third_round(std::span<const Step> steps) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (i > 0 && steps[i].thread != steps[i - 1].thread) from = i;
        const auto same = [&](const Step& step) {
            return step.operation.kind == steps[i].operation.kind && step.operation.pc == steps[i].operation.pc &&
                   step.operation.object == steps[i].operation.object &&
                   std::equal(std::begin(step.callers.sites), std::end(step.callers.sites), std::begin(steps[i].callers.sites));
        };
        if (std::count_if(steps.begin() + from, steps.begin() + i, same) == 2) return i;
    }
    return steps.size();
}

}  // namespace heddle::explore
