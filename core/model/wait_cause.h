// What a thread waits for, from the library call it is in, or from what /proc says it does in the kernel. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/model/snapshot.h"
#include "core/trace/call.h"

namespace heddle::model {

// Why a thread inside this call would give up its CPU; kNone for a call that does not block by itself.
Cause cause_of_call(trace::CallId call);

// The same for the number of a system call on this architecture (man 2 syscalls); kNone for one that is not known to block.
Cause cause_of_syscall(int number);
std::string_view syscall_name(int number);  // of the same ones: "read"; empty for the others

// From the kernel's wait channel (man 5 proc, wchan) and task state letter.
Cause cause_of_wait_channel(std::string_view channel, char state);

bool is_allocation(trace::CallId call);    // kCallEnd gives a new block
bool is_deallocation(trace::CallId call);  // kCallEnd ends one
bool is_io(trace::CallId call);

}  // namespace heddle::model
