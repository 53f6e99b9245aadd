// Thread-specific data of the fibers: what libc does at a thread's end. Called on the fibers.
#pragma once

namespace heddle::fibers {

bool prepare_keys();          // before keep_memory()
void call_key_destructors();  // of the running fiber

}  // namespace heddle::fibers
