// Descriptors: open, close, read, write, pipes, readiness, sockets. The arena's own descriptor is not the program's: closing
// it fails as for a descriptor that is not open.
#include <stdarg.h>

#include "core/runtime/interpose.h"
#include "core/runtime/library_access.h"
#include "core/trace/library_call.h"
#include "core/trace/transfer_access.h"

using namespace heddle::runtime;
using namespace heddle::trace::transfer;

namespace {

bool is_arena(int fd) {
    return fd >= 0 && g_process.attached.load(std::memory_order_relaxed) && fd == g_process.arena_fd;
}

// Around a call on one descriptor.
template <typename Function>
auto on_descriptor(CallId id, int fd, std::uintptr_t pc, Function function) {
    return errno_call(id, nullptr, static_cast<std::uint64_t>(static_cast<std::int64_t>(fd)), pc, function);
}

// The first descriptor polled for; the array may be anything, and an address that faults is the kernel's to refuse.
int first_of(const pollfd* fds, nfds_t count) {
    return count == 0 ? -1 : static_cast<int>(arch::load_may_fault<2>(address_of(&fds->fd)));
}

// Two new descriptors in one result.
template <typename Function>
int pair_call(CallId id, int* fds, std::uintptr_t pc, Function function) {
    real::ensure();
    auto access = library_access(reinterpret_cast<const void*>(pc), nullptr);
    access.expect(fds, 2 * sizeof *fds);
    note_caller(pc);
    const int result = function();
    const std::int64_t both = result == 0 ? static_cast<std::int64_t>(fds[0]) | static_cast<std::int64_t>(fds[1]) << 32
                                          : -static_cast<std::int64_t>(errno);
    call_end(id, 0, both, pc);
    const heddle::trace::KeptErrno kept;
    if (result == 0) access.write(fds, 2 * sizeof *fds);
    access.show();
    return result;
}

}  // namespace

#define HEDDLE_MODE(last)                   \
    va_list list;                           \
    va_start(list, last);                   \
    const auto mode = va_arg(list, mode_t); \
    va_end(list)

HEDDLE_EXPORT int open(const char* path, int flags, ...) {
    HEDDLE_MODE(flags);
    return on_descriptor(CallId::kOpen, -1, HEDDLE_CALLER, [&] { return real::open(path, flags, mode); });
}
HEDDLE_EXPORT int open64(const char* path, int flags, ...) {
    HEDDLE_MODE(flags);
    return on_descriptor(CallId::kOpen, -1, HEDDLE_CALLER, [&] { return real::open64(path, flags, mode); });
}
HEDDLE_EXPORT int openat(int directory, const char* path, int flags, ...) {
    HEDDLE_MODE(flags);
    return on_descriptor(CallId::kOpen, -1, HEDDLE_CALLER, [&] { return real::openat(directory, path, flags, mode); });
}
HEDDLE_EXPORT int openat64(int directory, const char* path, int flags, ...) {
    HEDDLE_MODE(flags);
    return on_descriptor(CallId::kOpen, -1, HEDDLE_CALLER, [&] { return real::openat64(directory, path, flags, mode); });
}
HEDDLE_EXPORT int creat(const char* path, mode_t mode) {
    return on_descriptor(CallId::kOpen, -1, HEDDLE_CALLER, [&] { return real::creat(path, mode); });
}
HEDDLE_EXPORT int creat64(const char* path, mode_t mode) {
    return on_descriptor(CallId::kOpen, -1, HEDDLE_CALLER, [&] { return real::creat64(path, mode); });
}

HEDDLE_EXPORT int close(int fd) {
    return on_descriptor(CallId::kClose, fd, caller_in_program(HEDDLE_CALLER), [&] {
        if (!is_arena(fd)) return real::close(fd);
        errno = EBADF;
        return -1;
    });
}
HEDDLE_EXPORT int close_range(unsigned first, unsigned last, int flags) noexcept {
    real::ensure();
    const auto arena = static_cast<unsigned>(g_process.arena_fd);
    if (!g_process.attached.load() || arena < first || arena > last) return real::close_range(first, last, flags);
    if (arena > first) {
        if (const int result = real::close_range(first, arena - 1, flags); result != 0) return result;
    }
    return arena < last ? real::close_range(arena + 1, last, flags) : 0;
}
HEDDLE_EXPORT void closefrom(int low) noexcept {
    real::ensure();
    if (!g_process.attached.load() || low > g_process.arena_fd) return real::closefrom(low);
    for (int fd = low < 0 ? 0 : low; fd < g_process.arena_fd; ++fd) real::close(fd);
    real::closefrom(g_process.arena_fd + 1);
}

// before, after: what the call reads and has written (`done`) of the program's memory.
#define HEDDLE_TRANSFER(name, id, fd, parameters, arguments, before, after)                                     \
    HEDDLE_EXPORT ssize_t name parameters {                                                                     \
        auto access = library_access(__builtin_return_address(0), nullptr);                                     \
        before;                                                                                                 \
        [[maybe_unused]] const ssize_t done = on_descriptor(CallId::id, fd, caller_in_program(HEDDLE_CALLER),   \
                                                            [&]() -> ssize_t { return real::name arguments; }); \
        const heddle::trace::KeptErrno kept;                                                                    \
        after;                                                                                                  \
        access.show();                                                                                          \
        return done;                                                                                            \
    }
HEDDLE_TRANSFER(read, kRead, f, (int f, void* b, size_t n), (f, b, n), access.expect(b, n), received(access, b, n, done))
HEDDLE_TRANSFER(readv, kRead, f, (int f, const iovec* v, int n), (f, v, n), const auto parts = parts_at<LibraryAccess>(v, n);
                expected(access, parts), received(access, parts, done))
HEDDLE_TRANSFER(pread, kRead, f, (int f, void* b, size_t n, off_t o), (f, b, n, o), access.expect(b, n),
                received(access, b, n, done))
HEDDLE_TRANSFER(pread64, kRead, f, (int f, void* b, size_t n, off64_t o), (f, b, n, o), access.expect(b, n),
                received(access, b, n, done))
HEDDLE_TRANSFER(write, kWrite, f, (int f, const void* b, size_t n), (f, b, n), access.offer(b, n), )
HEDDLE_TRANSFER(writev, kWrite, f, (int f, const iovec* v, int n), (f, v, n), sent(access, parts_at<LibraryAccess>(v, n)), )
HEDDLE_TRANSFER(pwrite, kWrite, f, (int f, const void* b, size_t n, off_t o), (f, b, n, o), access.offer(b, n), )
HEDDLE_TRANSFER(pwrite64, kWrite, f, (int f, const void* b, size_t n, off64_t o), (f, b, n, o), access.offer(b, n), )
HEDDLE_EXPORT int fsync(int fd) {
    return on_descriptor(CallId::kFsync, fd, HEDDLE_CALLER, [&] { return real::fsync(fd); });
}
HEDDLE_EXPORT int fdatasync(int fd) {
    return on_descriptor(CallId::kFsync, fd, HEDDLE_CALLER, [&] { return real::fdatasync(fd); });
}

HEDDLE_EXPORT int pipe(int* fds) noexcept {
    return pair_call(CallId::kPipe, fds, HEDDLE_CALLER, [&] { return real::pipe(fds); });
}
HEDDLE_EXPORT int pipe2(int* fds, int flags) noexcept {
    return pair_call(CallId::kPipe, fds, HEDDLE_CALLER, [&] { return real::pipe2(fds, flags); });
}
HEDDLE_EXPORT int dup(int fd) noexcept {
    return on_descriptor(CallId::kDup, fd, HEDDLE_CALLER, [&] { return real::dup(fd); });
}
HEDDLE_EXPORT int dup2(int fd, int target) noexcept {
    return on_descriptor(CallId::kDup, fd, HEDDLE_CALLER, [&] { return real::dup2(fd, target); });
}
HEDDLE_EXPORT int dup3(int fd, int target, int flags) noexcept {
    return on_descriptor(CallId::kDup, fd, HEDDLE_CALLER, [&] { return real::dup3(fd, target, flags); });
}

HEDDLE_EXPORT int poll(pollfd* fds, nfds_t count, int timeout) {
    return on_descriptor(CallId::kPoll, first_of(fds, count), HEDDLE_CALLER, [&] { return real::poll(fds, count, timeout); });
}
HEDDLE_EXPORT int ppoll(pollfd* fds, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    return on_descriptor(CallId::kPoll, first_of(fds, count), HEDDLE_CALLER,
                         [&] { return real::ppoll(fds, count, timeout, mask); });
}
HEDDLE_EXPORT int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* timeout) {
    return on_descriptor(CallId::kSelect, count, HEDDLE_CALLER,
                         [&] { return real::select(count, read, write, except, timeout); });
}
HEDDLE_EXPORT int pselect(int count, fd_set* read, fd_set* write, fd_set* except, const timespec* timeout,
                          const sigset_t* mask) {
    return on_descriptor(CallId::kSelect, count, HEDDLE_CALLER,
                         [&] { return real::pselect(count, read, write, except, timeout, mask); });
}
HEDDLE_EXPORT int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    return on_descriptor(CallId::kEpollWait, fd, HEDDLE_CALLER, [&] { return real::epoll_wait(fd, events, most, timeout); });
}
HEDDLE_EXPORT int epoll_pwait(int fd, epoll_event* events, int most, int timeout, const sigset_t* mask) {
    return on_descriptor(CallId::kEpollWait, fd, HEDDLE_CALLER,
                         [&] { return real::epoll_pwait(fd, events, most, timeout, mask); });
}

HEDDLE_EXPORT int socket(int domain, int type, int protocol) noexcept {
    return errno_end_only(CallId::kSocket, nullptr, HEDDLE_CALLER, [&] { return real::socket(domain, type, protocol); });
}
HEDDLE_EXPORT int socketpair(int domain, int type, int protocol, int* fds) noexcept {
    return pair_call(CallId::kSocket, fds, HEDDLE_CALLER, [&] { return real::socketpair(domain, type, protocol, fds); });
}
HEDDLE_EXPORT int connect(int fd, const sockaddr* address, socklen_t size) {
    return on_descriptor(CallId::kConnect, fd, HEDDLE_CALLER, [&] { return real::connect(fd, address, size); });
}
HEDDLE_EXPORT int accept(int fd, sockaddr* address, socklen_t* size) {
    return on_descriptor(CallId::kAccept, fd, HEDDLE_CALLER, [&] { return real::accept(fd, address, size); });
}
HEDDLE_EXPORT int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
    return on_descriptor(CallId::kAccept, fd, HEDDLE_CALLER, [&] { return real::accept4(fd, address, size, flags); });
}
HEDDLE_TRANSFER(send, kSend, f, (int f, const void* b, size_t n, int o), (f, b, n, o), access.offer(b, n), )
HEDDLE_TRANSFER(sendto, kSend, f, (int f, const void* b, size_t n, int o, const sockaddr* a, socklen_t l), (f, b, n, o, a, l),
                access.offer(b, n), )
HEDDLE_TRANSFER(sendmsg, kSend, f, (int f, const msghdr* m, int o), (f, m, o), sent(access, parts_of<LibraryAccess>(m)), )
HEDDLE_TRANSFER(recv, kReceive, f, (int f, void* b, size_t n, int o), (f, b, n, o), access.expect(b, n),
                received(access, b, n, done))
HEDDLE_TRANSFER(recvfrom, kReceive, f, (int f, void* b, size_t n, int o, sockaddr* a, socklen_t* l), (f, b, n, o, a, l),
                access.expect(b, n), received(access, b, n, done))
HEDDLE_TRANSFER(recvmsg, kReceive, f, (int f, msghdr* m, int o), (f, m, o), const auto parts = parts_of<LibraryAccess>(m);
                expected(access, parts), received(access, parts, done))
