// Whose turn it is, on threads: each waits in a futex of its own until the one that moves hands over to it; between processes,
// too. Called on the program's threads, by their carrier.
#pragma once

#include <cstdint>

#include "core/fibers/carrier.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

extern bool g_gate_is_open;  // nobody is held any more

void set_this_thread(std::uint32_t number);  // the calling one is this fiber
bool has_been_told_to_go(std::uint32_t number);
// Under GateLock. Its turn goes on to others, until it comes back or to a hook.
void leave_turn(Fiber& fiber, std::uint64_t pc);
bool anybody_moves();
std::uint32_t choose_locked();
// Who goes on; nobody gets the turn by that.
std::uint32_t choose_next();
void give_turn(std::uint32_t number);
// Answers meanwhile what others ask (trace::Turn).
void wait_for_turn(std::uint32_t number);

}  // namespace heddle::fibers
