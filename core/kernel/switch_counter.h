// SwitchCounter: counts a lab's context switches from its KernelRecords, and reconciles them with the kernel's own count
// (ru_nvcsw + ru_nivcsw of wait4's rusage, for each process Heddle reaps). Pure; one thread.
//
// What the kernel counts (kernel/sched/core.c, kernel/exit.c, kernel/sys.c): each time a thread leaves the CPU for another.
// What it records: the same, from the attachment to the thread's exit record. The two differ by
//  - switches before the attachment: kernel_switch_count() then is subtracted;
//  - switches after the exit record, while the dead thread still tidies up (from Linux 6.16 on that includes giving back its
//    memory): the joiner or the parent it wakes may preempt it, and so may any other thread on a busy core; and a
//    process's main thread makes one last switch that counts if the parent has not collected it yet. The last switch of any
//    other thread does not count, for its count is folded into its process before;
//  - processes that nobody waits for (SIGCHLD ignored): recorded, but their counts go nowhere; children of vfork and threads
//    that exec are like any other.
// No record can exist for the second kind, so at most two switches for each exit record, and one more for each main thread's,
// are taken from the kernel's count as `after_exit`; any other gap remains visible as a ratio below 1.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "core/kernel/kernel_record.h"

namespace heddle::kernel {

struct SwitchCounts {
    std::uint64_t voluntary = 0;   // gave the CPU up
    std::uint64_t preempted = 0;   // was still runnable
    std::uint64_t migrations = 0;  // came back on another CPU than it had left
    std::uint64_t lost = 0;        // records the kernel could not store
    std::uint64_t exits = 0;       // threads that ended, processes' main threads among them
    std::uint64_t process_exits = 0;
    std::uint64_t recorded() const { return voluntary + preempted; }
};

struct SwitchReconciliation {
    std::uint64_t recorded = 0;
    std::uint64_t after_exit = 0;
    std::uint64_t kernel = 0;
    std::uint64_t captured() const { return recorded + after_exit; }
    double ratio() const { return kernel == 0 ? 1.0 : static_cast<double>(captured()) / static_cast<double>(kernel); }
};

// kernel: the sum of the reaped processes' rusage, less the count at attachment.
SwitchReconciliation reconcile(const SwitchCounts& counts, std::uint64_t kernel);

class SwitchCounter {
public:
    void add(const KernelRecord& record);
    const SwitchCounts& counts() const { return counts_; }

private:
    SwitchCounts counts_;
    std::unordered_map<ThreadId, CpuId> last_cpu_;
};

}  // namespace heddle::kernel
