// The running thread as long as it can, then the lowest that can: the order without any preemption. What goes on for very long
// is given turns, so that a thread which waits in a loop does not keep the one it waits for from coming.
#pragma once

#include "core/sched/policy.h"

namespace heddle::sched {

class RunOn final : public Policy {
public:
    static constexpr std::uint32_t kFairAfter = 1000;  // steps

    void begin(std::uint64_t) override {}
    Move next(const Moment& moment) override {
        if (moment.step >= moment.free_since + kFairAfter) return {next_able(moment.able, moment.current)};
        if (holds(moment.able, moment.current)) return {moment.current};
        return {static_cast<std::uint32_t>(__builtin_ctzll(moment.able))};
    }
};

}  // namespace heddle::sched
