// What one thread does at this moment, as the kernel tells. Thin; any thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace heddle::kernel {

struct ThreadNow {
    char state = '?';   // man 5 proc, stat: R, S, D, T, Z; '?': gone
    Nanoseconds ran{};  // on a CPU so far
    int syscall = -1;   // the number of the system call it waits in; -1: none, or not to be read
};
ThreadNow thread_now(ThreadId thread);

}  // namespace heddle::kernel
