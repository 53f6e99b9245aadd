// Any thread, each as likely as the others, at every step.
#pragma once

#include "core/sched/policy.h"

namespace heddle::sched {

class RandomWalk final : public Policy {
public:
    void begin(std::uint64_t seed) override { random_.begin(seed); }
    Move next(const Moment& moment) override {
        std::uint64_t able = moment.able;
        for (auto skip = random_.below(static_cast<std::uint32_t>(__builtin_popcountll(able))); skip > 0; --skip)
            able &= able - 1;
        return {static_cast<std::uint32_t>(__builtin_ctzll(able))};
    }

private:
    Random random_;
};

}  // namespace heddle::sched
