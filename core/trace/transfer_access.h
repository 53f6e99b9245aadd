// What reading and writing a descriptor writes and reads of the program's memory, told to an Access (library_call.h).
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>

namespace heddle::trace::transfer {

template <typename Access>
void sent(Access& access, const iovec* parts, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) access.offer(parts[i].iov_base, parts[i].iov_len);
}
template <typename Access>
void expected(Access& access, const iovec* parts, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) access.expect(parts[i].iov_base, parts[i].iov_len);
}
// done: bytes that came, or -1.
template <typename Access>
void received(Access& access, void* to, ssize_t done) {
    if (done > 0) access.write(to, static_cast<std::size_t>(done));
}
template <typename Access>
void received(Access& access, const iovec* parts, std::size_t count, ssize_t done) {
    for (std::size_t i = 0; i < count && done > 0; ++i) {
        const auto room = static_cast<ssize_t>(parts[i].iov_len);
        received(access, parts[i].iov_base, done < room ? done : room);
        done -= room;
    }
}

}  // namespace heddle::trace::transfer
