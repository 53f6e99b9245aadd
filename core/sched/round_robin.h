// Each thread in turn, one step each.
#pragma once

#include "core/sched/policy.h"

namespace heddle::sched {

class RoundRobin final : public Policy {
public:
    void begin(std::uint64_t) override {}
    Move next(const Moment& moment) override { return {next_able(moment.able, moment.current)}; }
};

}  // namespace heddle::sched
