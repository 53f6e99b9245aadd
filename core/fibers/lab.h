// The lab: carries out the executions that Heddle asks for. On fibers one after the other, each from the state right before
// main, further than which the program's first thread never gets; on threads the one that the process is.
#pragma once

#include <cstdint>

#include "core/base/clock.h"

namespace heddle::fibers {

// The process ends here. flush: what is still buffered is written out first. Does not return to a fiber; on threads it does,
// and the caller ends the process for real.
void exit_program(int code, bool flush, std::uint64_t pc);

// To the board; what one execution printed is told apart from the next one's, and costs no system call.
void collect_output(const char* bytes, std::size_t count);

// Heddle's next request, and the answer to the last one (board.h).
void await_request();
bool await_request(Nanoseconds most);  // false: there is none yet
void answer_request();

}  // namespace heddle::fibers
