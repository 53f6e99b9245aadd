#include "core/race/atomic_history.h"

namespace heddle::race {

AtomicHistory::Found AtomicHistory::load(std::uint64_t value) {
    for (std::size_t i = stores_.size(); i-- > 0;)
        if (stores_[i].value == value) return {Origin::kStore, stores_[i].released};
    if (!initial_known_ && !forgot_some_) {
        initial_known_ = true;
        initial_ = value;
    }
    return {initial_known_ && initial_ == value ? Origin::kInitial : Origin::kUnseen, nullptr};
}

void AtomicHistory::store(std::uint64_t value, ClockRef released) {
    if (stores_.size() == kKept) {
        stores_.erase(stores_.begin());
        forgot_some_ = true;
    }
    stores_.push_back({value, std::move(released)});
}

}  // namespace heddle::race
