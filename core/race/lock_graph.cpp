#include "core/race/lock_graph.h"

#include <algorithm>
#include <set>

namespace heddle::race {

struct LockGraph::Search {
    Found found;
    Place start;
    std::vector<std::size_t> path;  // edges
    std::set<std::vector<Place>> reported;
    std::size_t steps = 0;
};

// Whether the two acquisitions can be under way at the same time.
bool LockGraph::may_meet(const Edge& a, const Edge& b) {
    if (a.thread == b.thread) return false;
    if ((b.past && b.past->covers(a.epoch)) || (a.past && a.past->covers(b.epoch))) return false;
    for (const LockUse& mine : a.held)
        for (const LockUse& other : b.held)
            if (mine.lock == other.lock && (mine.exclusive || other.exclusive)) return false;
    return true;
}

bool LockGraph::same(const Edge& a, const Edge& b) {
    const auto alike = [](const LockUse& x, const LockUse& y) { return x.lock == y.lock && x.exclusive == y.exclusive; };
    return a.thread == b.thread && a.epoch == b.epoch && alike(a.from, b.from) && alike(a.to, b.to) &&
           std::equal(a.held.begin(), a.held.end(), b.held.begin(), b.held.end(), alike);
}

void LockGraph::add(const Acquisition& acquisition) {
    for (const LockUse& held : acquisition.held)
        if (held.lock == acquisition.wanted.lock) return;  // a recursive one does not wait; another waits for itself
    for (const LockUse& held : acquisition.held) {
        Edge edge{held, acquisition.wanted, acquisition.thread, acquisition.held, acquisition.epoch, acquisition.past};
        const auto [first, last] = from_.equal_range(held.lock);
        if (std::any_of(first, last, [&](const auto& known) { return same(edges_[known.second], edge); })) continue;
        if (edges_.size() >= limits_.edges) {
            complete_ = false;
            return;
        }
        from_.emplace(held.lock, edges_.size());
        edges_.push_back(std::move(edge));
    }
}

// Depth first from every lock, over locks above it only, so that each circle is met once from its lowest lock.
LockGraph::Found LockGraph::find() const {
    Search search;
    search.found.complete = complete_;
    for (const auto& [lock, edge] : from_) {
        search.start = lock;
        search.path.clear();
        extend(search, edge);
    }
    return std::move(search.found);
}

void LockGraph::extend(Search& search, std::size_t index) const {
    if (search.found.deadlocks.size() >= limits_.deadlocks || ++search.steps > limits_.steps) {
        search.found.complete = false;
        return;
    }
    const Edge& edge = edges_[index];
    for (const std::size_t other : search.path)
        if (!may_meet(edges_[other], edge)) return;
    search.path.push_back(index);
    if (edge.to.lock == search.start) {
        std::vector<Place> circle;
        PotentialDeadlock deadlock;
        for (const std::size_t step : search.path) {
            circle.push_back(edges_[step].from.lock);
            deadlock.steps.push_back({edges_[step].thread, edges_[step].from, edges_[step].to});
        }
        const bool waits = edge.to.exclusive || edges_[search.path.front()].from.exclusive;
        if (waits && search.path.size() > 1 && search.reported.insert(circle).second)
            search.found.deadlocks.push_back(std::move(deadlock));
    } else if (edge.to.lock > search.start && search.path.size() < limits_.cycle) {
        const auto [first, last] = from_.equal_range(edge.to.lock);
        for (auto next = first; next != last; ++next)
            if (edge.to.exclusive || edges_[next->second].from.exclusive) extend(search, next->second);
    }
    search.path.pop_back();
}

}  // namespace heddle::race
