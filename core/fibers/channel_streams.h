// Streams of stdio over pipes and sockets (trace/channel_stream.h): filling and emptying one is an operation on its channel,
// and may wait. Who uses one has it alone, also while it waits: a lock that lies where the stream does. Called on the program's
// threads.
#pragma once

#include <stdio.h>

#include <cstdint>

namespace heddle::fibers {

// Before keep_memory().
bool prepare_channel_streams();
bool is_channel_stream(const FILE* stream);
void hold_stream(FILE* stream, std::uint64_t pc);
void release_stream(FILE* stream, std::uint64_t pc);
// The process is about to end: what they have kept back is written.
void flush_channel_streams(std::uint64_t pc);

}  // namespace heddle::fibers
