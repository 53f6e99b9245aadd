// What calls on channels have in common. Called from the interposed functions, on the program's threads.
#pragma once

#include "core/fibers/channels.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

Operation operation_at(OperationKind kind, int fd, const Channel& channel, std::uint64_t pc);
// Of the step just made.
void note_outcome(std::int64_t result);
// The calls of libc's streams.
ssize_t read_channel(int fd, void* to, std::size_t bytes, std::uint64_t pc);
int close_channel(int fd, std::uint64_t pc);
// On fibers the kernel keeps what is in a channel, and an execution must leave nothing to the next one.
void check_explored(OperationKind kind, const Channel& channel, bool waits, std::uint64_t pc);

}  // namespace heddle::fibers
