#include "core/kernel/switch_counter.h"

#include <algorithm>

namespace heddle::kernel {

SwitchReconciliation reconcile(const SwitchCounts& counts, std::uint64_t kernel) {
    SwitchReconciliation result{counts.recorded(), 0, kernel};
    if (kernel > result.recorded)
        result.after_exit = std::min(kernel - result.recorded, 2 * counts.exits + counts.process_exits);
    return result;
}

void SwitchCounter::add(const KernelRecord& record) {
    using Kind = KernelRecord::Kind;
    switch (record.kind) {
        case Kind::kSwitchIn: {
            const auto [last, first_time] = last_cpu_.try_emplace(record.tid, record.cpu);
            if (!first_time && last->second != record.cpu) ++counts_.migrations;
            last->second = record.cpu;
            break;
        }
        case Kind::kSwitchOut:
            // A sampled record may stand for several.
            (record.preempted ? counts_.preempted : counts_.voluntary) += std::max<std::uint64_t>(1, record.count);
            break;
        case Kind::kExit:
            ++counts_.exits;
            if (record.tid.value == record.pid.value) ++counts_.process_exits;
            last_cpu_.erase(record.tid);
            break;
        case Kind::kLost:
            counts_.lost += record.count;
            break;
        case Kind::kFork:
        case Kind::kName:
        case Kind::kWakeUp:
        case Kind::kRegisters:
            break;
    }
}

}  // namespace heddle::kernel
