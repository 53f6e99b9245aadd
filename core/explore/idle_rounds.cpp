#include "core/explore/idle_rounds.h"

namespace heddle::explore {
namespace {

// The round before step `end` of a thread that is back where it began, about to do `again`. Only a round that nothing came in
// between of, so that it would have found the same had it been done at once.
void add_idle_round(std::span<const Step> steps, const Causality& causality, const Operation& again, std::uint32_t end,
                    std::uint32_t thread, std::vector<std::uint32_t>& looks) {
    const auto from = looks.size();
    for (std::uint32_t step = end; step-- > 0;) {
        if (steps[step].thread != thread) continue;
        const Operation& look = steps[step].operation;
        const bool plain = (look.flags & trace::operation_flags::kAtomic) == 0 || trace::is_sequential(look);
        if (look.kind != OperationKind::kRead || !plain || steps[step].choices > 1) break;
        looks.push_back(step);
        if (look.pc != again.pc || look.object != again.object) continue;
        if (!causality.same_past_of_others(step, looks[from])) break;
        return;
    }
    looks.resize(from);
}

}  // namespace

void find_idle_looks(const Execution& execution, const Causality& causality, std::vector<std::uint32_t>& looks) {
    constexpr std::uint8_t kSpun = trace::operation_flags::kSpun;
    const std::span<const Step> steps = execution.steps;
    looks.clear();
    for (std::uint32_t step = 0; step < steps.size(); ++step) {
        const Operation& operation = steps[step].operation;
        if ((operation.flags & kSpun) != 0) add_idle_round(steps, causality, operation, step, steps[step].thread, looks);
    }
    for (std::uint32_t thread = 0; thread < execution.threads; ++thread) {
        const Operation& pending = execution.pending[thread];
        if ((execution.alive >> thread & 1) == 0 || (pending.flags & kSpun) == 0) continue;
        add_idle_round(steps, causality, pending, static_cast<std::uint32_t>(steps.size()), thread, looks);
    }
}

}  // namespace heddle::explore
