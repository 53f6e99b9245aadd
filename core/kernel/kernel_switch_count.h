// The kernel's own count of context switches, to hold the captured ones against. Thin; any thread.
#pragma once

#include <cstdint>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace heddle::kernel {

// Voluntary and involuntary switches of all live threads of a process so far (/proc/PID/task/*/status).
Result<std::int64_t> kernel_switch_count(ProcessId process);

// The thread is blocked in the kernel and off its CPU (state S or D).
bool waits_in_kernel(ThreadId thread);

}  // namespace heddle::kernel
