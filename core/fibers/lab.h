// The lab: carries out the executions that Heddle asks for. On fibers one after the other, each from the state right before
// main, further than which the program's first thread never gets; on threads the one that the process is, or those that copies
// of it are (copies.h).
#pragma once

#include <cstdint>

#include "core/base/clock.h"

namespace heddle::fibers {

// To the board; what one execution printed is told apart from the next one's, and costs no system call.
void collect_output(const char* bytes, std::size_t count);

// Heddle's next request, and the answer to the last one (board.h).
void await_request();
bool await_request(Nanoseconds most);  // false: there is none yet
void answer_request();

}  // namespace heddle::fibers
