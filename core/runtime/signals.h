// Signals: the program's handlers run behind a wrapper that records each delivery, and faults inside the runtime's own loads
// are skipped. The program sees its dispositions as it set them. Called on any of the program's threads.
#pragma once

#include "core/runtime/thread.h"

namespace heddle::runtime {

// Stands in front of SIGSEGV and SIGBUS so that a load of the runtime's can be skipped; every other fault goes where it would
// have gone.
void guard_faults();
// Sends the signals that came while a hook was at work to this thread again.
void redeliver_signals(ThreadState& thread);

}  // namespace heddle::runtime
