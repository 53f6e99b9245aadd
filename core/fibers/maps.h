// The calling process's mappings, as the kernel lists them. Never allocates.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>

#include "core/fibers/real.h"

namespace heddle::fibers {

// One line after the other of /proc/self/maps (man 5 proc_pid_maps), number by number.
class Maps {
public:
    Maps() : fd_(HEDDLE_REAL(open)("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}
    ~Maps() {
        if (fd_ >= 0) HEDDLE_REAL(close)(fd_);
    }
    Maps(const Maps&) = delete;
    Maps& operator=(const Maps&) = delete;

    int next() {  // character; -1: no more
        if (at_ == end_) {
            const ssize_t got = fd_ < 0 ? 0 : HEDDLE_REAL(read)(fd_, text_, sizeof text_);
            if (got <= 0) return -1;
            at_ = 0;
            end_ = static_cast<std::size_t>(got);
        }
        return static_cast<unsigned char>(text_[at_++]);
    }
    // Up to the character behind it.
    std::uint64_t number(std::uint64_t base) {
        std::uint64_t value = 0;
        for (int c = next(); c >= 0; c = next()) {
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) break;
            value = value * base + static_cast<std::uint64_t>(digit);
        }
        return value;
    }
    bool next_line() {
        int c = next();
        while (c >= 0 && c != '\n') c = next();
        return c >= 0;
    }

private:
    int fd_;
    char text_[4096];
    std::size_t at_ = 0, end_ = 0;
};

}  // namespace heddle::fibers
