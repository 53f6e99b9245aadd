// Runs something real under an Observer, as the session does: forks a child that waits on a pipe, attaches, lets it go, drains
// every millisecond until it has ended, and reaps it. Test helper; one thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/kernel/observer.h"
#include "core/kernel/switch_counter.h"

namespace heddle::kernel {

struct Observed {
    std::vector<KernelRecord> records;
    SwitchCounts counts;
    SwitchReconciliation switches;
    int wait_status = 0;
    ProcessId pid;
    std::string source;
    std::vector<Unavailable> unavailable;
    std::string error;  // of open_observer
};

// body runs in the child and its value is the exit status; it may exec. reader_away: how long the reader stays away between two
// drains, as on a busy machine.
Observed observe(const std::function<int()>& body, const ObserverOptions& options = {}, Nanoseconds reader_away = {});
Observed observe_program(const std::vector<std::string>& command, const ObserverOptions& options = {});

void pin_to_cpu(int cpu);

}  // namespace heddle::kernel
