#include "core/race/vector_clock.h"

#include <algorithm>

namespace heddle::race {

bool VectorClock::covers(const VectorClock& other) const {
    for (std::size_t i = 0; i < other.clocks_.size(); ++i)
        if (other.clocks_[i] > of(static_cast<std::uint32_t>(i))) return false;
    return true;
}

void VectorClock::raise(Epoch epoch) {
    if (epoch.clock == 0) return;
    if (clocks_.size() <= epoch.thread) clocks_.resize(epoch.thread + std::size_t{1});
    clocks_[epoch.thread] = std::max(clocks_[epoch.thread], epoch.clock);
}

void VectorClock::tick(std::uint32_t thread) {
    if (clocks_.size() <= thread) clocks_.resize(thread + std::size_t{1});
    ++clocks_[thread];
}

bool VectorClock::join(const VectorClock& other) {
    if (clocks_.size() < other.clocks_.size()) clocks_.resize(other.clocks_.size());
    bool changed = false;
    for (std::size_t i = 0; i < other.clocks_.size(); ++i) {
        if (other.clocks_[i] <= clocks_[i]) continue;
        clocks_[i] = other.clocks_[i];
        changed = true;
    }
    return changed;
}

}  // namespace heddle::race
