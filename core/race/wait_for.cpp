#include "core/race/wait_for.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

namespace heddle::race {

using trace::ThreadIndex;

namespace {

using WaitsOf = std::multimap<ThreadIndex, const Wait*>;

// The waits that lead from `start` back to it, by breadth first search; empty: none do.
std::vector<const Wait*> shortest_circle(const WaitsOf& waits, ThreadIndex start) {
    std::map<ThreadIndex, const Wait*> reached_by;  // the wait of the thread before
    std::deque<ThreadIndex> open = {start};
    while (!open.empty()) {
        const ThreadIndex thread = open.front();
        open.pop_front();
        const auto [first, last] = waits.equal_range(thread);
        for (auto wait = first; wait != last; ++wait) {
            for (const ThreadIndex holder : wait->second->holders) {
                if (!reached_by.try_emplace(holder, wait->second).second) continue;
                if (holder != start) {
                    open.push_back(holder);
                    continue;
                }
                std::vector<const Wait*> circle;
                ThreadIndex at = start;
                do {
                    circle.push_back(reached_by.at(at));
                    at = circle.back()->waiter;
                } while (at != start);
                std::reverse(circle.begin(), circle.end());
                return circle;
            }
        }
    }
    return {};
}

}  // namespace

std::vector<WaitCycle> find_wait_cycles(std::span<const Wait> waits) {
    WaitsOf by_waiter;
    for (const Wait& wait : waits) by_waiter.emplace(wait.waiter, &wait);
    std::set<ThreadIndex> named;
    std::vector<WaitCycle> cycles;
    for (auto each = by_waiter.begin(); each != by_waiter.end(); each = by_waiter.upper_bound(each->first)) {
        if (named.contains(each->first)) continue;
        const auto circle = shortest_circle(by_waiter, each->first);
        if (circle.empty()) continue;
        WaitCycle cycle;
        const Wait* before = circle.back();
        for (const Wait* wait : circle) {
            cycle.steps.push_back({wait->waiter, before->kind, before->object, wait->kind, wait->object});
            named.insert(wait->waiter);
            before = wait;
        }
        cycles.push_back(std::move(cycle));
    }
    return cycles;
}

}  // namespace heddle::race
