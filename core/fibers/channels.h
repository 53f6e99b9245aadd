// Descriptors through which threads and processes pass bytes: pipes, sockets, event counters. Which of a program's descriptors
// are such, and whether the kernel would let a call on one wait. Called on the program's threads.
#pragma once

#include <poll.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

#include "core/trace/operation.h"
#include "core/trace/transfer_access.h"

namespace heddle::fibers {

struct Channel {
    trace::ChannelKind kind = trace::ChannelKind::kNone;  // kNone: a file, a terminal, or one that the program was started with
    std::uint64_t key = 0;                                // the same for all descriptors of a pipe, or of a pair of sockets
    bool made = false;                                    // by the program's own call, which was seen
    bool two_ways = false, second_end = false;            // of a pair of sockets
    bool named = false;                                   // processes that the program never made may use it as well
    bool waits = true;                                    // false: O_NONBLOCK
    std::uint8_t end = 0;                                 // of a pipe: operation_flags::kReadEnd or kWriteEnd; 0: both
};

// Before the program begins, and before keep_memory(): what it is started with is not its own.
bool prepare_channels();
// By pipe, socketpair (two_ways) or eventfd (one descriptor).
void note_made(int first, int second, bool two_ways);
// Before the first execution: what is open then stays so.
void keep_open_descriptors();
// After an execution, before its memory is brought back: the next one finds the numbers of descriptors as this one did.
void close_made_channels();
Channel channel_at(int fd);
// Which pipes and sockets the program has made itself, and may have open.
bool has_channels();
// Whether one of the program's processes has another descriptor for the same end of this pipe.
bool is_still_open(int fd);
// What it lets be done now (trace::channel_bits), seen from the first end. Among several processes, of which one may have
// closed an end that another has, nobody knows: all there is.
std::uint8_t bits_now(const Channel& channel);

// Such a descriptor, and a write to one, as an operation. given: what is known of the parts.
bool is_channel(int fd);
ssize_t write_to_channel(int fd, const iovec* parts, int count, const trace::transfer::Parts& given, std::uint64_t pc);

// A write to one that nobody reads from ends the program (SIGPIPE), unless it said otherwise.
extern bool g_ends_at_broken_pipe;

// man 2 poll, at once: a copy of what is asked, for the answers are not the program's. How many are ready; -1: an error.
int poll_at_once(const pollfd* fds, nfds_t count);
bool is_ready(int fd, short events);
// Whether a call that is given so many bytes would fill the channel, and wait in the middle.
bool overfills(int fd, std::size_t bytes);

}  // namespace heddle::fibers
