// KernelRecord: one thing the kernel said about a thread of the lab, as a plain value. Made by an Observer (from perf ring
// buffers, or from /proc where perf is not available), on the thread that drains it; turned into trace events by the session.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/trace/process_sample.h"

namespace heddle::kernel {

struct KernelRecord {
    enum class Kind : std::uint8_t {
        kSwitchIn,   // the thread got `cpu`
        kSwitchOut,  // the thread left `cpu`; `preempted` when it was still runnable
        kFork,       // the thread was born; `other` is the thread that made it, `new_thread` when of the same process
        kExit,       // the thread ended
        kName,       // `name` is the thread's new comm; `exec` when an exec set it
        kWakeUp,     // the thread became ready; `other` woke it (0: an interrupt or the idle task); `cpu` is where it ran last
        kRegisters,  // `registers` as they were in user mode, saved at the switch-out that has the same tid and comes next
        kLost,       // `count` records were lost at about this time on `cpu`; pid and tid are 0
    };
    Kind kind = Kind::kLost;
    bool preempted = false;
    bool new_thread = false;
    bool exec = false;
    bool sampled = false;  // inferred from two looks at /proc, not reported at the instant
    ProcessId pid;
    ThreadId tid;
    CpuId cpu = kNoCpu;
    ThreadId other;
    Nanoseconds time{};
    std::uint64_t count = 0;
    std::string name;
    trace::RegisterSet registers;
};

}  // namespace heddle::kernel
