// Copies: executions of a search on kernel threads. The program's process stands before main and never goes on; each request is
// carried out by a copy of it (fork), which runs the program as it is, with all the threads and processes it makes, at the
// gate. When its execution is over the copy stands still, so that its memory can be looked at; the next request ends it.
#pragma once

namespace heddle::fibers {

// Answers that the program stands before main. Returns in each copy, which is to run main; the process itself never returns.
void stand_before_main();

}  // namespace heddle::fibers
