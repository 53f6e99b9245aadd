// The blocks of a schedule, one after the other; nothing more to say behind the last. The thread it names may not be able to go
// on: then the schedule does not fit the program. The learner's own choice is a schedule of one block.
#pragma once

#include "core/sched/policy.h"

namespace heddle::sched {

class Replay final : public Policy {
public:
    // blocks stay where they are; whoever follows reads them anew at each step.
    void set(const trace::Block* blocks, std::uint32_t count) { blocks_ = blocks, count_ = count; }
    void begin(std::uint64_t) override { at_ = 0; }
    Move next(const Moment& moment) override {
        for (; at_ < count_ && blocks_[at_].thread < trace::kMostFibers; ++at_) {
            const trace::Block& block = blocks_[at_];
            const std::uint32_t tick = moment.ticks[block.thread];
            const bool made = holds(moment.alive, block.thread) ? tick > block.last_tick : tick >= block.last_tick;
            if (made) continue;
            return {block.thread, tick == block.last_tick ? block.choice : 0U};
        }
        return {};
    }
    bool in_last_block() const { return at_ + 1 >= count_; }

private:
    const trace::Block* blocks_ = nullptr;
    std::uint32_t count_ = 0, at_ = 0;
};

}  // namespace heddle::sched
