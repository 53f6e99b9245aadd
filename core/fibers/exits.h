// The end of a process by exit, or by main's return.
#pragma once

#include <cstdint>

namespace heddle::fibers {

bool has_other_threads();  // the running thread's process, at the gate
// flush: what stdio has not written yet is written. On threads it returns, and the process goes on to its end.
void exit_program(int code, bool flush, std::uint64_t pc);

}  // namespace heddle::fibers
