// The processes of the program. What fork makes stands at the same gate: its thread is one more among those that take turns,
// and all processes share what says whose turn it is (common.h). What another program became, or what the library started,
// runs free. Called by the thread that moves.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// Has ended, whether or not anybody waited for it (man 2 pidfd_open).
bool has_ended(std::int32_t pid);
void note_first_process();
// A process that does not stand at the gate. What it does may let a thread there go on.
void note_free_process(std::int32_t pid);
bool anybody_runs_free();
bool anybody_else_at_gate();  // another process
// Those that are gone, killed for one, have no threads at the gate any more. Says whether there were any.
bool bury_ended_processes();
// Waits for the end of one that is on its way out; those of its threads that stand at the gate are gone. False: it goes on.
bool await_and_bury(std::uint8_t process);
// The calling process has none there from now on.
void take_own_threads_away(bool leaving);
// A copy that shares its parent's memory until it executes a program (vfork): nobody at this gate.
bool is_stranger();

}  // namespace heddle::fibers
