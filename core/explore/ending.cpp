#include "core/explore/ending.h"

namespace heddle::explore {
namespace {

namespace flags = trace::operation_flags;

// A wait for a signal that was given when nobody waited.
bool lost_a_signal(const Execution& execution) {
    for (std::uint32_t thread = 0; thread < execution.threads; ++thread) {
        if ((execution.alive >> thread & 1) == 0) continue;
        const Operation& pending = execution.pending[thread];
        if (!trace::is_after_wait(pending) || pending.value != 0) continue;
        for (const Step& step : execution.steps) {
            const bool signals =
                step.operation.kind == OperationKind::kSignal || step.operation.kind == OperationKind::kBroadcast;
            if (signals && step.operation.object == pending.second && (step.operation.flags & flags::kFailed) != 0) return true;
        }
    }
    return false;
}

}  // namespace

std::string kind_of(const Execution& execution) {
    switch (execution.ending) {
        case Ending::kDeadlock:
            return lost_a_signal(execution) ? "lost-signal" : "deadlock";
        case Ending::kAssertion:
        case Ending::kCrash:
        case Ending::kUncaughtException:
        case Ending::kLivelock:
        case Ending::kLockLeak:
        case Ending::kMisuse:
        case Ending::kUseAfterFree:
        case Ending::kDoubleFree:
        case Ending::kInvalidFree:
            return std::string(trace::ending_name(execution.ending));
        case Ending::kNone:
        case Ending::kFinished:
        case Ending::kStepLimit:
        case Ending::kRedundant:
        case Ending::kDiverged:
        case Ending::kUnsupported:
        case Ending::kNeedsThreads:
        case Ending::kMemoryLimit:
        case Ending::kTooManyThreads:
            break;
    }
    return {};
}

}  // namespace heddle::explore
