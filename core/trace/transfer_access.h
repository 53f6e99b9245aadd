// What reading and writing a descriptor writes and reads of the program's memory, told to an Access (library_call.h).
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>

#include "core/trace/kept_blocks.h"

namespace heddle::trace::transfer {

// Of what is no memory the kernel says so.
struct Parts {
    const iovec* first = nullptr;
    std::size_t count = 0;
};
// How many parts a call is given; of less than none the kernel says so, too.
inline std::size_t part_count(int count) {
    return static_cast<std::size_t>(count > 0 ? count : 0);
}
inline Parts parts_at(const iovec* parts, std::size_t count) {
    return KeptBlocks::is_mapped(parts, count * sizeof(iovec)) ? Parts{parts, count} : Parts{};
}
inline Parts parts_of(const msghdr* message) {
    return KeptBlocks::is_mapped(message, sizeof *message) ? parts_at(message->msg_iov, message->msg_iovlen) : Parts{};
}
inline std::size_t bytes_in(Parts parts) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < parts.count; ++i) bytes += parts.first[i].iov_len;
    return bytes;
}

template <typename Access>
void sent(Access& access, Parts parts) {
    for (std::size_t i = 0; i < parts.count; ++i) access.offer(parts.first[i].iov_base, parts.first[i].iov_len);
}
template <typename Access>
void expected(Access& access, Parts parts) {
    for (std::size_t i = 0; i < parts.count; ++i) access.expect(parts.first[i].iov_base, parts.first[i].iov_len);
}
// done: bytes that came, or -1; more than there is room for: so long the message was (MSG_TRUNC).
template <typename Access>
void received(Access& access, void* to, std::size_t room, ssize_t done) {
    if (done <= 0) return;
    const auto came = static_cast<std::size_t>(done);
    access.write(to, came < room ? came : room);
}
template <typename Access>
void received(Access& access, const iovec* parts, std::size_t count, ssize_t done) {
    for (std::size_t i = 0; i < count && done > 0; ++i) {
        received(access, parts[i].iov_base, parts[i].iov_len, done);
        done -= static_cast<ssize_t>(parts[i].iov_len);
    }
}

}  // namespace heddle::trace::transfer
