#include "core/sched/waiting.h"

namespace heddle::sched {

using trace::OperationKind;
using trace::Step;

bool awaits_signal(const trace::Operation& next, std::size_t steps) {
    return trace::is_after_wait(next) && (next.value == 0 || next.value > steps);
}

std::vector<std::uint32_t> waiters_on(std::uint64_t condition, std::span<const Step> steps,
                                      std::span<const trace::Operation> next) {
    std::uint64_t waiting = 0;
    for (std::size_t thread = 0; thread < std::min<std::size_t>(next.size(), trace::kMostFibers); ++thread) {
        if (awaits_signal(next[thread], steps.size()) && next[thread].second == condition)
            waiting |= std::uint64_t{1} << thread;
    }
    // The last step of each was to come into the queue.
    std::vector<std::uint32_t> latest_first;
    for (auto step = steps.rbegin(); step != steps.rend() && waiting != 0; ++step) {
        const std::uint64_t bit = std::uint64_t{1} << step->thread;
        if ((waiting & bit) != 0) latest_first.push_back(step->thread);
        waiting &= ~bit;
    }
    return {latest_first.rbegin(), latest_first.rend()};
}

bool is_free(std::uint64_t mutex, std::span<const Step> steps) {
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        const trace::Operation& operation = step->operation;
        switch (operation.kind) {
            case OperationKind::kLock:
            case OperationKind::kTryLock:
                if (operation.object == mutex && trace::takes_lock_alone(operation)) return false;
                if (trace::lets_go_of(operation) == mutex) return true;
                break;
            case OperationKind::kUnlock:
                if (operation.object == mutex) return true;
                break;
            case OperationKind::kWait:
            case OperationKind::kTimedWait:
                if (operation.second == mutex) return true;
                break;
            default:
                break;
        }
    }
    return true;
}

}  // namespace heddle::sched
