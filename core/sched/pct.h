// PCT, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): every thread has a random
// priority, the highest goes first, and at a few random steps who would go falls behind everybody.
#pragma once

#include "core/sched/policy.h"

namespace heddle::sched {

class Pct final : public Policy {
public:
    // changes: at how many steps (at most kMostChanges), among the first expected_steps.
    void set(std::uint32_t changes, std::uint32_t expected_steps) {
        changes_ = changes < kMostChanges ? changes : kMostChanges;
        expected_steps_ = expected_steps > 0 ? expected_steps : 100;
    }
    void begin(std::uint64_t seed) override {
        Random random;
        random.begin(seed);
        for (std::uint32_t& priority : priorities_) priority = kMostChanges + 1 + random.below(65536);
        for (std::uint32_t& point : points_) point = random.below(expected_steps_);
    }
    Move next(const Moment& moment) override {
        for (std::uint32_t change = 0; change < changes_; ++change) {
            if (points_[change] == moment.step) priorities_[highest(moment.able)] = kMostChanges - change;
        }
        return {highest(moment.able)};
    }

private:
    static constexpr std::uint32_t kMostChanges = 16;

    std::uint32_t highest(std::uint64_t able) const {
        auto best = static_cast<std::uint32_t>(__builtin_ctzll(able));
        for (; able != 0; able &= able - 1) {
            const auto each = static_cast<std::uint32_t>(__builtin_ctzll(able));
            if (priorities_[each] > priorities_[best]) best = each;
        }
        return best;
    }

    std::uint32_t changes_ = 3, expected_steps_ = 100;
    std::uint32_t priorities_[trace::kMostFibers] = {}, points_[kMostChanges] = {};
};

}  // namespace heddle::sched
