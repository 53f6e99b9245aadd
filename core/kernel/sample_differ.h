// SampleDiffer: turns successive looks at the threads of a lab into KernelRecords, for machines where the kernel does not
// report switches. What it yields is inferred: births and ends to the period, switches by the growth of the kernel's counts
// (a record may stand for several: its `count`), never their instants or order; no two threads have one CPU. Pure; one thread.
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
        trace::ThreadSample thread;                  // as seen last
        std::uint64_t preempted = 0, voluntary = 0;  // departures since the look before that are not told yet
        std::int64_t untold = 0;                     // nanoseconds that it ran more than was told; less than 0: less
        int cpu = -1, last_cpu = -1;                 // where it was told to run; where it was at the look before
        bool running = false;                        // as was told
        bool surely_running = false;                 // there was no doubt about that
        bool runs = false, surely_runs = false;      // as this look has it: may run, or be ready; does run
        bool put_out = false;                        // its departure was told before its counts grew
        bool seen = false;
    };
    void take(Nanoseconds time, const SampledThread& now, Known& known, std::vector<KernelRecord>& out);
    void switches(Nanoseconds time, std::span<const SampledThread> alive, std::vector<KernelRecord>& out);
    void enter(Nanoseconds time, int cpu, Known& known, std::vector<KernelRecord>& out);
    void leave(Nanoseconds time, bool preempted, std::uint64_t times, Known& known, std::vector<KernelRecord>& out);
    // Whoever was told to run on the CPU is switched out of it. False: that one may well be running there yet, and the one that
    // wants it is not surely running.
    bool make_room(Nanoseconds time, int cpu, bool surely, std::vector<KernelRecord>& out);

    std::map<ThreadId, Known> known_;
    std::map<int, ThreadId> on_cpu_;  // whom the records leave there
    Nanoseconds looked_{};            // when the last look began
    bool first_ = true;
};

}  // namespace heddle::kernel
