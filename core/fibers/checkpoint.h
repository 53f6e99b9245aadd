// Checkpoints: the state of an execution before one of its steps, kept so that later executions that begin with the same steps
// go on from there and not from main. It is all in memory: the program's, the fibers' stacks and local storage, the table of
// fibers. Where a program has done what memory does not tell of (it opened a file, it read), every execution begins at main.
// Used by the executor between executions, and by the scheduler to ask whether to keep one; never while a fiber runs.
#pragma once

namespace heddle::fibers {

// Once per execution, before it begins: goes back to the latest checkpoint that the request on the board begins with. False:
// there is none.
bool resume_checkpoint();
// Whether one is to be kept before the next step.
bool checkpoint_is_due();
void keep_checkpoint();

// The program did something that memory does not tell of.
void note_outside_state();
bool has_outside_state();

}  // namespace heddle::fibers
