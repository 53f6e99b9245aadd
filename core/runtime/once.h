// The routines that the calling thread runs once (pthread_once, call_once): an exception or longjmp leaves one without any code
// of this library's on its way, so that it is gone is seen at the thread's next hook.
#pragma once

#include "core/runtime/thread.h"

namespace heddle::runtime {

// Records which routines have been left, by how far the stack goes where the program calls a hook.
void note_left_onces(ThreadState& thread, std::uintptr_t stack_pointer);
// The same at the thread's end, which leaves all of them.
void note_left_onces(ThreadState& thread);

}  // namespace heddle::runtime
