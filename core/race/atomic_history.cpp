#include "core/race/atomic_history.h"

#include <algorithm>
#include <utility>

namespace heddle::race {

std::uint64_t& AtomicHistory::latest_seen_by(std::uint32_t thread) {
    const auto known = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& seen) { return seen.thread == thread; });
    if (known != seen_.end()) return known->store;
    if (seen_.size() == kMostSeen) seen_.erase(seen_.begin());
    seen_.push_back({thread, 0});
    return seen_.back().store;
}

AtomicHistory::Found AtomicHistory::load(std::uint32_t thread, std::uint64_t value) {
    std::uint64_t& seen = latest_seen_by(thread);
    for (std::size_t i = stores_.size(); i-- > 0 && forgotten_ + i + 1 >= seen;) {
        if (stores_[i].value != value) continue;
        seen = forgotten_ + i + 1;
        return {stores_[i].learned ? Origin::kLearned : Origin::kStore, stores_[i].released};
    }
    if (seen != 0) return {Origin::kUnseen, nullptr};
    if (!initial_known_ && forgotten_ == 0) {
        initial_known_ = true;
        initial_ = value;
        return {Origin::kGuessed, nullptr};
    }
    return {initial_known_ && initial_ == value ? Origin::kInitial : Origin::kUnseen, nullptr};
}

void AtomicHistory::store(std::uint32_t thread, std::uint64_t value, ClockRef released) {
    learn(thread, value, std::move(released));
    stores_.back().learned = false;
    stored_ = true;
}

void AtomicHistory::learn(std::uint32_t thread, std::uint64_t value, ClockRef released) {
    if (stores_.size() == kKept) {
        stores_.erase(stores_.begin());
        ++forgotten_;
    }
    stores_.push_back({value, std::move(released), true});
    latest_seen_by(thread) = forgotten_ + stores_.size();
}

}  // namespace heddle::race
