// Copy-on-write made visible: which of the program's writable pages are mapped by this process alone, read from
// /proc/self/pagemap around fork and after each write that may have copied a page. Called on the forking thread, and from
// write hooks once a fork has happened. Costs nothing before the first fork.
#pragma once

#include "core/runtime/thread.h"

namespace heddle::runtime {

// Chooses the tracked pages (main executable's data and BSS, heap; at most 64) anew and records the state of each.
void record_pages(ThreadState& thread);
// Records the page's state again when it is tracked and was last seen shared. The thread must be kBusy.
void recheck_page(ThreadState& thread, std::uintptr_t address);

}  // namespace heddle::runtime
