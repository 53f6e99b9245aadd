// A FILE over a pipe or a socket. libc fills and empties the buffer of its own by system calls that nobody can stand in front
// of; this one's by the calls that the two libraries inside the program do (man 3 fopencookie). In all else it is as libc's.
// Nothing allocates but libc.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/trace/hooked_code.h"

namespace heddle::trace {

// Zero to begin with. Calls: read, write and close, as of unistd.h.
template <typename Calls>
class ChannelStreams {
public:
    // As fdopen does it. Null: it is not for us to do, but for libc.
    FILE* open(int fd, const char* mode) {
        Slot* const slot = is_over_channel(fd, mode) && !uses_wide_letters() ? take_slot() : nullptr;
        if (slot == nullptr) return nullptr;
        slot->fd = fd;
        FILE* const stream = ::fopencookie(slot, mode, {fill, empty, no_seek, close});
        if (stream == nullptr) {
            slot->taken.store(false, std::memory_order_release);
            return nullptr;
        }
        stream->_fileno = fd;
        ::setvbuf(stream, slot->buffer, _IOFBF, kBuffer);
        slot->stream = stream;
        return stream;
    }
    bool hold(const FILE* stream) const {
        for (const Slot& slot : slots_)
            if (slot.stream == stream && slot.taken.load(std::memory_order_acquire)) return true;
        return false;
    }
    template <typename Visit>
    void each(Visit visit) {
        for (Slot& slot : slots_)
            if (slot.taken.load(std::memory_order_acquire)) visit(slot.stream);
    }

private:
    static constexpr std::uint32_t kMost = 64;    // of further ones what is read and written is not seen
    static constexpr std::size_t kBuffer = 4096;  // what the kernel names for such descriptors (st_blksize)
    struct Slot {
        std::atomic<bool> taken{false};
        int fd = 0;
        FILE* stream = nullptr;
        char buffer[kBuffer]{};
    };

    // Which libc takes on streams of its own alone.
    static bool uses_wide_letters() {
        static constexpr const char* kWide[] = {"fwprintf", "vfwprintf", "fputws",           "fputwc", "putwc",
                                                "fwscanf",  "vfwscanf",  "fgetws",           "fgetwc", "getwc",
                                                "ungetwc",  "fwide",     "__isoc99_fwscanf", nullptr};
        return HookedCode::any_asks_for(kWide);
    }
    // And fdopen would not refuse.
    static bool is_over_channel(int fd, const char* mode) {
        struct stat status {};
        if (mode == nullptr || ::fstat(fd, &status) != 0) return false;
        if (!S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode)) return false;
        bool both = false;
        for (const char* at = mode; *at != '\0' && *at != ','; ++at) both = both || *at == '+';
        const int access = ::fcntl(fd, F_GETFL) & O_ACCMODE;
        if (access == O_RDWR) return mode[0] == 'r' || mode[0] == 'w' || mode[0] == 'a';
        return !both && (access == O_RDONLY ? mode[0] == 'r' : mode[0] == 'w' || mode[0] == 'a');
    }
    Slot* take_slot() {
        for (Slot& slot : slots_)
            if (!slot.taken.exchange(true, std::memory_order_acq_rel)) return &slot;
        return nullptr;
    }

    static ssize_t fill(void* cookie, char* to, std::size_t bytes) {
        return Calls::read(static_cast<Slot*>(cookie)->fd, to, bytes);
    }
    // All of it: what is left out is an error.
    static ssize_t empty(void* cookie, const char* from, std::size_t bytes) {
        std::size_t done = 0;
        while (done < bytes) {
            const ssize_t written = Calls::write(static_cast<Slot*>(cookie)->fd, from + done, bytes - done);
            if (written <= 0) break;
            done += static_cast<std::size_t>(written);
        }
        return static_cast<ssize_t>(done);
    }
    static int no_seek(void*, off64_t*, int) {
        errno = ESPIPE;
        return -1;
    }
    static int close(void* cookie) {
        auto* const slot = static_cast<Slot*>(cookie);
        slot->stream = nullptr;
        const int fd = slot->fd;
        slot->taken.store(false, std::memory_order_release);
        return Calls::close(fd);
    }

    Slot slots_[kMost]{};
};

}  // namespace heddle::trace
