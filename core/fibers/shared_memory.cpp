#include "core/fibers/shared_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>

#include "core/fibers/real.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {
namespace {

std::atomic<std::uint32_t> g_mappings_made = 0;

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

}  // namespace

std::uint64_t shared_place(std::uint64_t address) {
    Maps maps;
    do {
        const std::uint64_t start = maps.number(16), end = maps.number(16);
        if (end <= address) continue;
        if (start > address) return 0;
        for (int i = 0; i < 3; ++i) maps.next();  // what may be done with it
        if (maps.next() != 's') return 0;
        maps.next();
        const std::uint64_t offset = maps.number(16), major = maps.number(16), minor = maps.number(16), inode = maps.number(10);
        return kSharedPlace | (mix(mix(major << 32 | minor, inode), offset + (address - start)) & ~std::uint64_t{7}) |
               (address & 7);
    } while (maps.next_line());
    return 0;
}

void note_new_mapping() {
    g_mappings_made.fetch_add(1);
}

std::uint32_t mappings_made() {
    return g_mappings_made.load();
}

}  // namespace heddle::fibers
