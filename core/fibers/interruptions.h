// Signal handlers in threads at the gate. A handler may begin while its thread waits for its turn, stands where it has chosen
// who goes on, or is outside; its hooks are steps of the thread as all others are. What it interrupted is announced again when
// it is done, or that it fails with EINTR, as the kernel has it (man 7 signal). At any other moment at the gate the runtime
// lets the signal wait until what the thread is about to do is done.
#pragma once

#include "core/fibers/fiber.h"

namespace heddle::fibers {

enum class Interruptible : std::uint8_t { kNo, kWaits, kStands, kOutside };

// Of the calling thread; returns what it was.
Interruptible set_interruptible(Interruptible now);
// The calling thread comes to wait: signals that had to do so until now are handled.
void handle_deferred_signals();
bool has_deferred_signals();
// The sender of a signal: until the handler has begun that it made begin, if it does; `begun`: Common::handlers_begun before.
void await_handler(std::uint32_t begun);

}  // namespace heddle::fibers
