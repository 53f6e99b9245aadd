#include "core/fibers/channels.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/fibers/checkpoint.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

using trace::ChannelKind;
using trace::operation_flags::kReadEnd;
using trace::operation_flags::kWriteEnd;

constexpr std::uint32_t kMostMade = 256;
constexpr nfds_t kPolledAtOnce = 64;
constexpr unsigned kMostDescriptors = 1000;  // below the board's

struct File {
    dev_t device;
    ino_t inode;
};
File g_first[3];

// The channels that the program made itself, by the number of their first descriptor: that is the same in every execution.
struct Made {
    ino_t inodes[2];
    int fds[2];  // of a pair of sockets either end; else the one to read from, and the one to write to
    bool two_ways;
    bool by_number;  // its inode is not its own
    std::uint8_t process;
};
struct MadeTable {
    Made made[kMostMade];
    std::uint32_t count;
};
MadeTable* g_made = nullptr;

bool is_one_of_the_first(const struct stat& status) {
    for (const File& first : g_first) {
        if (first.device == status.st_dev && first.inode == status.st_ino) return true;
    }
    return false;
}

// end: which of the two inodes it is.
const Made* made_at(int fd, const struct stat& status, int& end) {
    for (std::uint32_t i = g_made->count; i-- > 0;) {
        const Made& made = g_made->made[i];
        for (end = 0; end < 2; ++end) {
            if (made.inodes[end] == status.st_ino && (!made.by_number || made.fds[end] == fd)) return &made;
        }
    }
    return nullptr;
}

// Its number is that of its first descriptor in the process that made it.
std::uint64_t key_of(const Made& made) {
    return static_cast<std::uint64_t>(made.fds[0]) * 2 + (std::uint64_t{made.process} << 24);
}

// An inode is another one in every execution: in a search it may be any channel.
std::uint64_t unknown_key(ino_t inode) {
    return g_searching ? 0 : inode << 32;
}

// "pipe:[123]", "anon_inode:[eventfd]", or a path.
bool is_called(int fd, const char* beginning) {
    char path[32] = "/proc/self/fd/", name[64] = {};
    char digits[12];
    int count = 0;
    for (int left = fd; count == 0 || left > 0; left /= 10) digits[count++] = static_cast<char>('0' + left % 10);
    std::size_t at = strlen(path);
    while (count > 0) path[at++] = digits[--count];
    path[at] = 0;
    return ::readlink(path, name, sizeof name - 1) > 0 && strncmp(name, beginning, strlen(beginning)) == 0;
}

// One end of a pair of sockets that has no name; any process can reach another one.
bool is_named_socket(int fd) {
    sockaddr_un name{};
    socklen_t bytes = sizeof name;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &bytes) != 0) return true;
    if (name.sun_family != AF_UNIX || bytes > sizeof name.sun_family) return true;
    bytes = sizeof name;
    return ::getpeername(fd, reinterpret_cast<sockaddr*>(&name), &bytes) != 0 || bytes > sizeof name.sun_family;
}

// Which descriptors are open before the program begins, and after an execution are not to be closed.
bool g_open_before[kMostDescriptors];

}  // namespace

void close_made_channels() {
    if (g_made->count == 0 && !has_outside_state()) return;
    for (unsigned first = 3; first < kMostDescriptors; ++first) {
        unsigned end = first;
        while (end < kMostDescriptors && !g_open_before[end]) ++end;
        if (end > first) HEDDLE_REAL(close_range)(first, end - 1, 0);
        first = end;
    }
}

void keep_open_descriptors() {
    for (unsigned fd = 0; fd < kMostDescriptors; ++fd) g_open_before[fd] = ::fcntl(static_cast<int>(fd), F_GETFD) >= 0;
}

bool prepare_channels() {
    g_made = static_cast<MadeTable*>(restored_room(sizeof(MadeTable)));
    for (int fd = 0; fd < 3; ++fd) {
        struct stat status {};
        if (::fstat(fd, &status) == 0) g_first[fd] = {status.st_dev, status.st_ino};
    }
    return g_made != nullptr;
}

void note_made(int first, int second, bool two_ways) {
    // The one before that had this number is closed.
    for (std::uint32_t i = 0; i < g_made->count;) {
        if (g_made->made[i].fds[0] == first) {
            g_made->made[i] = g_made->made[--g_made->count];
        } else {
            ++i;
        }
    }
    if (g_made->count == kMostMade) unsupported(ending_text::kManyChannels.words, 0);
    Made made{{}, {first, second}, two_ways, first == second, g_process};
    for (int end = 0; end < 2; ++end) {
        struct stat status {};
        if (::fstat(made.fds[end], &status) == 0) made.inodes[end] = status.st_ino;
    }
    g_made->made[g_made->count++] = made;
}

Channel channel_at(int fd) {
    Channel channel;
    struct stat status {};
    if (::fstat(fd, &status) != 0 || is_one_of_the_first(status)) return channel;
    int end = 0;
    const Made* const made = made_at(fd, status, end);
    channel.made = made != nullptr;
    channel.key = made != nullptr ? key_of(*made) : unknown_key(status.st_ino);
    channel.second_end = made != nullptr && made->two_ways && end == 1;
    channel.two_ways = made != nullptr && made->two_ways;
    const int flags = ::fcntl(fd, F_GETFL), access = flags & O_ACCMODE;
    channel.waits = (flags & O_NONBLOCK) == 0;
    if (S_ISFIFO(status.st_mode)) {
        if (access != O_RDWR) channel.end = access == O_RDONLY ? kReadEnd : kWriteEnd;
        channel.kind = ChannelKind::kPipe;
        channel.named = !is_called(fd, "pipe:");
    } else if (S_ISSOCK(status.st_mode)) {
        channel.kind = ChannelKind::kSocket;
        channel.named = is_named_socket(fd);
    } else if ((status.st_mode & S_IFMT) == 0) {
        const bool counter = is_called(fd, "anon_inode:[eventfd]");
        channel.kind = counter ? ChannelKind::kEvent : ChannelKind::kOther;
        channel.named = !counter;
    }
    return channel;
}

bool has_channels() {
    return g_made->count > 0;
}

namespace {

// As /proc lists the descriptors of a process that stands still: the permissions of a link there are those it was opened with
// (man 5 proc_pid_fd).
bool has_descriptor(pid_t pid, ino_t inode, mode_t access, int but) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    const int folder = HEDDLE_REAL(open)(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    alignas(8) char entries[4096];
    bool has = false;
    for (long got = 1; folder >= 0 && !has && got > 0;) {
        got = HEDDLE_REAL(syscall)(SYS_getdents64, folder, entries, sizeof entries);
        for (long at = 0; at < got && !has;) {
            const auto* const entry = reinterpret_cast<const dirent64*>(entries + at);
            at += entry->d_reclen;
            struct stat link {
            }, file{};
            if (entry->d_name[0] == '.' || atoi(entry->d_name) == but) continue;
            if (::fstatat(folder, entry->d_name, &link, AT_SYMLINK_NOFOLLOW) != 0 || (link.st_mode & access) == 0) continue;
            has = ::fstatat(folder, entry->d_name, &file, 0) == 0 && S_ISFIFO(file.st_mode) && file.st_ino == inode;
        }
    }
    if (folder >= 0) HEDDLE_REAL(close)(folder);
    return has;
}

}  // namespace

bool is_still_open(int fd) {
    struct stat status {};
    if (!g_on_threads || ::fstat(fd, &status) != 0) return false;  // on fibers there is no other
    const mode_t access = (::fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY ? S_IRUSR : S_IWUSR;
    for (std::uint32_t i = 0; i < g_common.process_count; ++i) {
        const Process& process = g_common.processes[i];
        if (process.at_gate && has_descriptor(process.pid, status.st_ino, access, i == g_process ? fd : -1)) return true;
    }
    return false;
}

std::uint8_t bits_now(const Channel& channel) {
    if (g_common.process_count > 1 || !channel.made) return trace::channel_bits::kAll;
    for (std::uint32_t i = g_made->count; i-- > 0;) {
        const Made& made = g_made->made[i];
        if (key_of(made) != channel.key) continue;
        namespace bits = trace::channel_bits;
        const auto bit = [](int fd, short events, std::uint8_t which) {
            return is_ready(fd, events) ? which : std::uint8_t{0};
        };
        if (!made.two_ways) return bit(made.fds[0], POLLIN, bits::kReadable) | bit(made.fds[1], POLLOUT, bits::kWritable);
        return bit(made.fds[1], POLLIN, bits::kReadable) | bit(made.fds[0], POLLOUT, bits::kWritable) |
               bit(made.fds[0], POLLIN, bits::kReadableBack) | bit(made.fds[1], POLLOUT, bits::kWritableBack);
    }
    return 0;
}

int poll_at_once(const pollfd* fds, nfds_t count) {
    int ready = 0;
    for (nfds_t at = 0; at < count; at += kPolledAtOnce) {
        pollfd some[kPolledAtOnce];
        const nfds_t these = count - at < kPolledAtOnce ? count - at : kPolledAtOnce;
        memcpy(some, fds + at, these * sizeof(pollfd));
        const int answer = HEDDLE_REAL(poll)(some, these, 0);
        if (answer < 0) return -1;
        ready += answer;
    }
    return ready;
}

bool is_ready(int fd, short events) {
    const pollfd one{fd, events, 0};
    return poll_at_once(&one, 1) != 0;
}

bool overfills(int fd, std::size_t bytes) {
    if (bytes <= PIPE_BUF) return false;
    const int room = ::fcntl(fd, F_GETPIPE_SZ);
    int inside = 0;
    if (room < 0 || ::ioctl(fd, FIONREAD, &inside) != 0) return true;
    return bytes > static_cast<std::size_t>(room - inside);
}

}  // namespace heddle::fibers
