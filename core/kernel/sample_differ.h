// SampleDiffer: turns successive looks at the threads of a lab into KernelRecords, for machines where the kernel does not
// report switches. What it yields is inferred: births and ends to the period, switches by the growth of the kernel's counts
// (a record may stand for several: its `count`), never their instants or order. Pure; one thread.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "core/kernel/kernel_record.h"

namespace heddle::kernel {

struct SampledThread {
    ProcessId pid;
    ThreadId parent;  // the parent process's main thread
    trace::ThreadSample thread;
};

class SampleDiffer {
public:
    // What was alive when one looked from `begun` to `ended`. The first look yields no births. A thread that is gone ended
    // before `ended`, and may have lived, and been seen by its hooks, after `begun`.
    void look(Nanoseconds begun, Nanoseconds ended, std::span<const SampledThread> alive, std::vector<KernelRecord>& out);

private:
    struct Known {
        ProcessId pid;
        trace::ThreadSample thread;
        bool running = false;
        bool seen = false;
    };
    void update(Nanoseconds time, const SampledThread& now, Known& known, std::vector<KernelRecord>& out);

    std::map<ThreadId, Known> known_;
    bool first_ = true;
};

}  // namespace heddle::kernel
