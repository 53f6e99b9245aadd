// What reading and writing a descriptor writes and reads of the program's memory, told to an Access (library_call.h).
#pragma once

#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

namespace heddle::trace::transfer {

// The blocks that a call is given to fill or to send. Not valid: the kernel refuses them, before it looks whether the call
// would have to wait (tried on Linux 6.1).
struct Parts {
    const iovec* first = nullptr;
    std::size_t count = 0;
    bool valid = true;
};
template <typename Access>
Parts parts_at(const iovec* parts, std::size_t count) {
    if (count == 0) return {};
    constexpr Parts kRefused{nullptr, 0, false};
    if (count > IOV_MAX || !Access::can_look(parts, count * sizeof(iovec))) return kRefused;
    for (std::size_t i = 0; i < count; ++i)
        if (parts[i].iov_len > PTRDIFF_MAX) return kRefused;
    return {parts, count};
}
// A count below 0 is too large.
template <typename Access>
Parts parts_at(const iovec* parts, int count) {
    return parts_at<Access>(parts, static_cast<std::size_t>(count));
}
template <typename Access>
Parts parts_of(const msghdr* message) {
    if (!Access::can_look(message, sizeof *message)) return {nullptr, 0, false};
    return parts_at<Access>(message->msg_iov, message->msg_iovlen);
}
inline std::size_t bytes_in(const Parts& parts) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < parts.count; ++i) bytes += parts.first[i].iov_len;
    return bytes;
}

template <typename Access>
void sent(Access& access, const Parts& parts) {
    for (std::size_t i = 0; i < parts.count; ++i) access.offer(parts.first[i].iov_base, parts.first[i].iov_len);
}
template <typename Access>
void expected(Access& access, const Parts& parts) {
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
void received(Access& access, const Parts& parts, ssize_t done) {
    for (std::size_t i = 0; i < parts.count && done > 0; ++i) {
        received(access, parts.first[i].iov_base, parts.first[i].iov_len, done);
        done -= static_cast<ssize_t>(parts.first[i].iov_len);
    }
}

}  // namespace heddle::trace::transfer
