// The memory of the search inside the explored process (operator new of this library).
#pragma once

namespace heddle::fibers {

// From now on it lies on the processor's large pages: a search fills much of it, and is short beside the faults of small ones.
// Not for a process that is copied again and again. The first is there when this returns.
void use_large_pages();

}  // namespace heddle::fibers
