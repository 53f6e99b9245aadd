// Whose turn it is, on threads: each waits in a futex of its own until the one that moves hands over to it; between processes,
// too. Called on the program's threads, by their carrier.
#pragma once

#include <errno.h>

#include <cstdint>

#include "core/fibers/carrier.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

// What the gate itself does is nothing to the program.
class KeepErrno {
public:
    KeepErrno() = default;
    ~KeepErrno() { errno = saved_; }
    KeepErrno(const KeepErrno&) = delete;
    KeepErrno& operator=(const KeepErrno&) = delete;

private:
    int saved_ = errno;
};

extern bool g_gate_is_open;  // nobody is held any more

void set_this_thread(std::uint32_t number);  // the calling one is this fiber
bool has_been_told_to_go(std::uint32_t number);
// Under GateLock. Its turn goes on to others, until it comes back or to a hook.
void leave_turn(Fiber& fiber, std::uint64_t pc);
bool anybody_moves();
// Who goes on; kHandlerFirst: a signal waits for the calling thread, which is to choose again behind its handler.
inline constexpr std::uint32_t kHandlerFirst = trace::kMostFibers;
std::uint32_t choose_locked();
// Lets the handler come, where that is to be, and chooses then. Not under GateLock.
std::uint32_t handle_first(std::uint32_t chosen);
// Another thread chooses, which may stand at the gate while the calling one, which is outside, does what it is to do; where
// there is none, as choose_locked().
std::uint32_t let_another_choose();
// Who goes on; nobody gets the turn by that.
std::uint32_t choose_next();
void give_turn(std::uint32_t number);
// Answers meanwhile what others ask (trace::Turn).
void wait_for_turn(std::uint32_t number);

}  // namespace heddle::fibers
