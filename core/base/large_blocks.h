// Memory on the processor's large pages. What operator new does by itself: large_blocks.cpp.
#pragma once

namespace heddle {

// The heap that follows lies on them, as far as the kernel has any: for a program that fills tens of megabytes at once, as an
// OpenGL driver does when it starts. To be called by the first thread, before the others begin.
void put_heap_on_large_pages();

}  // namespace heddle
