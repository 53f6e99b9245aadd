// Which threads stand in the kernel in a wait that no time ends and that only a thread could end: on a futex, or for a child's
// end. Reads /proc (man 5 proc); any thread, takes some 30 µs a thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"

namespace heddle::kernel {

struct StandingThread {
    ProcessId pid;
    ThreadId tid;
    std::int64_t switches = 0;  // so far: more of them later tell that it moved meanwhile
    std::uint64_t word = 0;     // the futex's address; 0: it waits for a child
    bool shared = false;        // another process that has the word's memory could wake it
    bool operator==(const StandingThread&) const = default;
};

// All live threads of these processes. nullopt as soon as one of them could go on by itself, as far as the kernel tells: it
// runs, sleeps, waits with a limit to its time or for what may come from outside, or a signal has a handler that could help.
std::optional<std::vector<StandingThread>> standing_threads(std::span<const ProcessId> processes);

// Whether somebody whom these processes did not fork may have mapped the word of a shared futex, as far as the kernel tells.
bool may_be_known_outside(const StandingThread& thread);

// Whether the program that runs there names a call that sends it a signal later (man 2 alarm, setitimer, timer_create).
bool may_set_alarms(ProcessId process);

}  // namespace heddle::kernel
