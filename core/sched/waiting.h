// Who waits on a condition variable, told from the steps that were made: whom a signal may wake, and who may end its wait
// without one. Pure; called on the session's thread.
#pragma once

#include <span>
#include <vector>

#include "core/trace/board.h"

namespace heddle::sched {

// Whether a thread that does `next` next stands in a condition variable's queue behind that many steps. next.value names the
// step that wakes it, which may be a later one.
bool awaits_signal(const trace::Operation& next, std::size_t steps);
// Those in the queue behind the steps, in the order they came, which is how a signal's choice counts them. next: by thread,
// what each does next; of kind kNone where it is not alive.
std::vector<std::uint32_t> waiters_on(std::uint64_t condition, std::span<const trace::Step> steps,
                                      std::span<const trace::Operation> next);
bool is_free(std::uint64_t mutex, std::span<const trace::Step> steps);

}  // namespace heddle::sched
