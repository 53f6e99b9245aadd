// Reading and writing pipes, sockets and event counters: operations that may be chosen when the kernel would not let them wait.
#include "core/fibers/channel_calls.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/cycles.h"
#include "core/fibers/file_steps.h"
#include "core/fibers/library_access.h"
#include "core/trace/library_call.h"
#include "core/trace/transfer_access.h"

namespace heddle::fibers {

Operation operation_at(OperationKind kind, int fd, const Channel& channel, std::uint64_t pc) {
    Operation operation;
    operation.kind = kind;
    operation.bytes = static_cast<std::uint8_t>(channel.kind);
    operation.object = static_cast<std::uint64_t>(static_cast<std::int64_t>(fd));
    const bool back = channel.two_ways && channel.second_end == (kind != OperationKind::kReceive);
    operation.second = channel.key | (back ? 1U : 0U);
    operation.pc = pc;
    return operation;
}

void note_outcome(std::int64_t result) {
    trace::Step& step = last_step();
    if (result < 0) {
        step.operation.flags |= trace::operation_flags::kFailed;
    } else {
        step.operation.value = static_cast<std::uint64_t>(result);
    }
    note_transfer();
    made_progress();
}

void check_explored(OperationKind kind, const Channel& channel, bool waits, std::uint64_t pc) {
    if (kind == OperationKind::kAccept || kind == OperationKind::kPoll) need_threads("accept, poll and select", pc);
    if (!channel.made) need_threads("a pipe or socket that was there before main, or that has a name", pc);
    if (!waits) need_threads("a call on a pipe or socket that does not wait", pc);
}

namespace {

bool has_time_limit(int fd, bool sends) {
    timeval limit{};
    socklen_t bytes = sizeof limit;
    const int error = ::getsockopt(fd, SOL_SOCKET, sends ? SO_SNDTIMEO : SO_RCVTIMEO, &limit, &bytes);
    return error == 0 && (limit.tv_sec != 0 || limit.tv_usec != 0);
}

// What a call is given, as far as the kernel looks at it before it lets the call wait.
struct Given {
    std::size_t bytes = 0;  // to be passed on, at most
    bool valid = true;
    bool by_socket = false;  // a call for sockets alone
    int flags = 0;           // of that
};
Given by_file(std::size_t bytes) {
    return {bytes, bytes <= PTRDIFF_MAX, false, 0};
}
Given by_file(const trace::transfer::Parts& parts) {
    return {trace::transfer::bytes_in(parts), parts.valid, false, 0};
}
Given by_socket(std::size_t bytes, int flags) {
    return {bytes, true, true, flags};
}
Given by_socket(const trace::transfer::Parts& parts, int flags) {
    return {trace::transfer::bytes_in(parts), parts.valid, true, flags};
}

bool listens(int fd) {
    int answer = 0;
    socklen_t bytes = sizeof answer;
    return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &answer, &bytes) == 0 && answer != 0;
}

// What the kernel refuses, and a transfer of nothing, it answers whatever the channel holds (man 2 read, readv, recv, eventfd).
bool is_answered_at_once(OperationKind kind, int fd, const Channel& channel, const Given& given) {
    constexpr std::size_t kCounterBytes = 8;
    const bool sends = kind == OperationKind::kSend;
    const std::uint8_t needed = sends ? trace::operation_flags::kWriteEnd : trace::operation_flags::kReadEnd;
    if (given.by_socket && channel.kind != trace::ChannelKind::kSocket) return true;
    if (kind == OperationKind::kAccept) return !listens(fd);
    if (!given.valid || (given.flags & MSG_OOB) != 0 || (channel.end != 0 && channel.end != needed)) return true;
    return !given.by_socket && given.bytes < (channel.kind == trace::ChannelKind::kEvent ? kCounterBytes : 1);
}

// One call on one descriptor.
template <typename Call>
auto on_channel(OperationKind kind, int fd, const Given& given, std::uint64_t pc, Call call) {
    const Channel channel = channel_at(fd);
    if (channel.kind == trace::ChannelKind::kNone) {
        announce_file(fd, kind != OperationKind::kReceive, pc);
        if (!g_searching) return outside(pc, call);
        note_outside_state();
        note_transfer();
        return call();
    }
    Operation operation = operation_at(kind, fd, channel, pc);
    const bool sends = kind == OperationKind::kSend, waits = channel.waits && (given.flags & MSG_DONTWAIT) == 0;
    check_explored(kind, channel, waits, pc);
    if (!waits || is_answered_at_once(kind, fd, channel, given)) {
        operation.flags |= trace::operation_flags::kDoesNotWait;
        perform(operation);
    } else {
        const Wait wait{channel.named, false, has_time_limit(fd, sends) ? OnHandler::kFails : OnHandler::kFailsUnlessRestarted};
        perform_when(operation, wait, [&] { return is_ready(fd, sends ? POLLOUT : POLLIN); });
        if (fails_with_eintr()) return decltype(call()){-1};
        const bool stops_midway = sends ? overfills(fd, given.bytes) : (given.flags & MSG_WAITALL) != 0;
        if (stops_midway && g_searching) unsupported(ending_text::kWaitsMidway.words, pc);
        if (stops_midway) return outside(pc, call);
    }
    if (g_searching) last_step().operation.older = bits_now(channel);
    const auto result = call();
    note_outcome(result);
    const bool kills = result < 0 && errno == EPIPE && (given.flags & MSG_NOSIGNAL) == 0;
    if (kills && g_searching && g_ends_at_broken_pipe) end_execution(trace::Ending::kCrash, SIGPIPE, pc);
    return result;
}

// A connection is made at once where somebody listens and has room for it; elsewhere a search finds that the call blocks.
template <typename Call>
int connect_channel(int fd, std::uint64_t pc, Call call) {
    need_threads("connect", pc);
    perform(operation_at(OperationKind::kConnect, fd, channel_at(fd), pc));
    if (!g_searching) return outside(pc, call);
    const int result = call();
    note_outcome(result < 0 ? -1 : 0);
    return result;
}

// A new pipe, or the like: the numbers of its descriptors depend on what others open and close.
template <typename Call>
int make_channel(int (&fds)[2], bool two_ways, std::uint64_t pc, Call call) {
    Operation operation;
    operation.kind = OperationKind::kMakeChannel;
    operation.value = g_process;
    operation.pc = pc;
    perform(operation);
    note_outside_state();
    if (!g_on_threads) touch(fds, sizeof fds);
    const int result = call();
    if (result == 0) note_made(fds[0], fds[1], two_ways);
    made_progress();
    return result;
}

// Close, or shutdown.
template <typename Call>
int close_by(int fd, std::uint64_t pc, Call call) {
    const Channel channel = channel_at(fd);
    const bool passes = channel.kind == trace::ChannelKind::kNone || (!channel.made && !g_on_threads);
    if (passes) return call();
    Operation operation = operation_at(OperationKind::kClose, fd, channel, pc);
    operation.value = g_process;
    if (channel.made) operation.flags |= channel.end;
    perform(operation);
    if (g_searching) last_step().operation.older = bits_now(channel);
    if (g_searching && trace::closes_pipe_end(operation) && is_still_open(fd))
        last_step().operation.older |= trace::channel_bits::kStillOpen;
    made_progress();
    return call();
}

}  // namespace

bool is_channel(int fd) {
    return channel_at(fd).kind != trace::ChannelKind::kNone;
}

ssize_t read_channel(int fd, void* to, std::size_t bytes, std::uint64_t pc) {
    if (!g_on_threads) touch(to, bytes);
    return on_channel(OperationKind::kReceive, fd, by_file(bytes), pc, [=] { return HEDDLE_REAL(read)(fd, to, bytes); });
}

int close_channel(int fd, std::uint64_t pc) {
    return close_by(fd, pc, [fd] { return HEDDLE_REAL(close)(fd); });
}

ssize_t write_to_channel(int fd, const iovec* parts, int count, const trace::transfer::Parts& given, std::uint64_t pc) {
    return on_channel(OperationKind::kSend, fd, by_file(given), pc, [=] { return HEDDLE_REAL(writev)(fd, parts, count); });
}

}  // namespace heddle::fibers

using namespace heddle::fibers;
using namespace heddle::trace::transfer;

// before, after: what the call reads and has written (`done`) of the program's memory.
#define HEDDLE_TRANSFER(type, name, parameters, arguments, kind, fd, given, before, after)                                    \
    HEDDLE_EXPORT type name parameters {                                                                                      \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                                                                 \
        [[maybe_unused]] auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));               \
        before;                                                                                                               \
        HEDDLE_PASS_HOOK();                                                                                                   \
        [[maybe_unused]] const type done =                                                                                    \
            on_channel(OperationKind::kind, fd, given, HEDDLE_CALLER, [&]() -> type { return HEDDLE_REAL(name) arguments; }); \
        const heddle::trace::KeptErrno kept;                                                                                  \
        after;                                                                                                                \
        return done;                                                                                                          \
    }

HEDDLE_TRANSFER(ssize_t, read, (int f, void* b, std::size_t n), (f, b, n), kReceive, f, by_file(n), access.expect(b, n),
                received(access, b, n, done))
HEDDLE_TRANSFER(ssize_t, readv, (int f, const iovec* v, int n), (f, v, n), kReceive, f, by_file(parts),
                const auto parts = parts_at<LibraryAccess>(v, n);
                expected(access, parts), received(access, parts, done))
HEDDLE_TRANSFER(ssize_t, recv, (int f, void* b, std::size_t n, int o), (f, b, n, o), kReceive, f, by_socket(n, o),
                access.expect(b, n), received(access, b, n, done))
HEDDLE_TRANSFER(ssize_t, recvfrom, (int f, void* b, std::size_t n, int o, sockaddr* a, socklen_t* l), (f, b, n, o, a, l),
                kReceive, f, by_socket(n, o), access.expect(b, n), received(access, b, n, done))
HEDDLE_TRANSFER(ssize_t, recvmsg, (int f, msghdr* m, int o), (f, m, o), kReceive, f, by_socket(parts, o),
                const auto parts = parts_of<LibraryAccess>(m);
                expected(access, parts), received(access, parts, done))
HEDDLE_TRANSFER(ssize_t, send, (int f, const void* b, std::size_t n, int o), (f, b, n, o), kSend, f, by_socket(n, o),
                access.offer(b, n), )
HEDDLE_TRANSFER(ssize_t, sendto, (int f, const void* b, std::size_t n, int o, const sockaddr* a, socklen_t l),
                (f, b, n, o, a, l), kSend, f, by_socket(n, o), access.offer(b, n), )
HEDDLE_TRANSFER(ssize_t, sendmsg, (int f, const msghdr* m, int o), (f, m, o), kSend, f, by_socket(parts, o),
                const auto parts = parts_of<LibraryAccess>(m);
                sent(access, parts), )
HEDDLE_TRANSFER(int, accept, (int f, sockaddr* a, socklen_t* l), (f, a, l), kAccept, f, by_socket(0, 0), , )
HEDDLE_TRANSFER(int, accept4, (int f, sockaddr* a, socklen_t* l, int o), (f, a, l, o), kAccept, f, by_socket(0, 0), , )

HEDDLE_EXPORT int connect(int fd, const sockaddr* address, socklen_t bytes) {
    if (!g_exploring) return HEDDLE_REAL(connect)(fd, address, bytes);
    HEDDLE_PASS_HOOK();
    return connect_channel(fd, HEDDLE_CALLER, [=] { return HEDDLE_REAL(connect)(fd, address, bytes); });
}

#define HEDDLE_MAKES(name, parameters, arguments, fds, two_ways)                                                              \
    HEDDLE_EXPORT int name parameters noexcept {                                                                              \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                                                                 \
        auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));                                \
        auto& both = *reinterpret_cast<int(*)[2]>(fds);                                                                       \
        access.expect(both, sizeof both);                                                                                     \
        HEDDLE_PASS_HOOK();                                                                                                   \
        const int done = make_channel(both, two_ways, HEDDLE_CALLER, [&]() noexcept { return HEDDLE_REAL(name) arguments; }); \
        const heddle::trace::KeptErrno kept;                                                                                  \
        if (done == 0) access.write(both, sizeof both);                                                                       \
        return done;                                                                                                          \
    }
HEDDLE_MAKES(pipe, (int f[2]), (f), f, false)
HEDDLE_MAKES(pipe2, (int f[2], int o), (f, o), f, false)
HEDDLE_MAKES(socketpair, (int d, int t, int p, int f[2]), (d, t, p, f), f, true)
HEDDLE_EXPORT int close(int fd) {
    if (!g_exploring) return HEDDLE_REAL(close)(fd);
    HEDDLE_PASS_HOOK();
    return close_channel(fd, HEDDLE_CALLER);
}
HEDDLE_EXPORT int shutdown(int fd, int how) noexcept {
    if (!g_exploring) return HEDDLE_REAL(shutdown)(fd, how);
    HEDDLE_PASS_HOOK();
    return close_by(fd, HEDDLE_CALLER, [=] { return HEDDLE_REAL(shutdown)(fd, how); });
}
#define HEDDLE_COPIES(name, parameters, arguments)                                                                         \
    HEDDLE_EXPORT int name parameters noexcept {                                                                           \
        if (g_exploring && !g_on_threads && channel_at(f).made) need_threads(#name " of a pipe or socket", HEDDLE_CALLER); \
        return HEDDLE_REAL(name) arguments;                                                                                \
    }
HEDDLE_COPIES(dup, (int f), (f))
HEDDLE_COPIES(dup2, (int f, int t), (f, t))
HEDDLE_COPIES(dup3, (int f, int t, int o), (f, t, o))
HEDDLE_EXPORT int eventfd(unsigned value, int flags) noexcept {
    if (!g_exploring) return HEDDLE_REAL(eventfd)(value, flags);
    HEDDLE_PASS_HOOK();
    int fds[2] = {-1, -1};
    make_channel(fds, false, HEDDLE_CALLER, [&]() noexcept {
        fds[0] = fds[1] = HEDDLE_REAL(eventfd)(value, flags);
        return fds[0] < 0 ? -1 : 0;
    });
    return fds[0];
}
