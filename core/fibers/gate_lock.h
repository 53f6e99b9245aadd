// The lock of what all processes at the gate have in common (GateLock in carrier.h), which also a process that was killed may
// have held, and futexes between processes. Called on the program's threads.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>

namespace heddle::fibers {

bool try_lock_gate();
void unlock_gate();
// Under the lock: who waits for it comes in between. Says whether there was anybody.
bool let_others_in();

void kernel_wait(std::atomic<std::uint32_t>& word, std::uint32_t value, const timespec* most);
void kernel_wake(std::atomic<std::uint32_t>& word);

}  // namespace heddle::fibers
