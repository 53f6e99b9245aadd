// What lay in memory before a call wrote there: so that what it wrote becomes visible step by step, when it is the thread's
// turn, and not at once.
#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace heddle::trace {

class KeptBlocks {
public:
    static constexpr std::size_t kRoom = 512;  // bytes of all blocks together

    // As much of the block as there is room for, and memory.
    void keep(const void* pointer, std::size_t bytes) {
        if (bytes > kRoom - used_) bytes = kRoom - used_;
        if (bytes == 0 || count_ == kMost || !is_mapped(pointer, bytes)) return;
        blocks_[count_++] = {reinterpret_cast<std::uintptr_t>(pointer), bytes, used_};
        __builtin_memcpy(bytes_ + used_, pointer, bytes);
        used_ += bytes;
    }
    // Puts back what was kept of these bytes, and what was written meanwhile at `now`. False: they were not kept.
    bool put_back(void* pointer, std::size_t bytes, char* now) const {
        const auto address = reinterpret_cast<std::uintptr_t>(pointer);
        for (std::uint32_t i = 0; i < count_; ++i) {
            const Block& block = blocks_[i];
            if (address < block.address || address + bytes > block.address + block.bytes) continue;
            __builtin_memcpy(now, pointer, bytes);
            __builtin_memcpy(pointer, bytes_ + block.at + (address - block.address), bytes);
            return true;
        }
        return false;
    }
    // An address that is nobody's is the kernel's to refuse.
    static bool is_mapped(const void* pointer, std::size_t bytes) {
        return is_mapped(reinterpret_cast<std::uintptr_t>(pointer), bytes);
    }

private:
    static constexpr std::uintptr_t kWord = 8;
    static bool is_mapped(std::uintptr_t from, std::size_t bytes) {
        constexpr std::uintptr_t kPage = 4096;
        const std::uintptr_t first = from / kPage * kPage;
        if (bytes == 0 || bytes > UINTPTR_MAX - from) return false;
        const int error = errno;
        const bool mapped = ::msync(reinterpret_cast<void*>(first), from + bytes - first, MS_ASYNC) == 0 &&
                            is_readable(from / kWord) && is_readable((from + bytes - 1) / kWord);
        errno = error;
        return mapped;
    }

    // The kernel reads the mask before it refuses the request (man 2 rt_sigprocmask).
    static bool is_readable(std::uintptr_t word) {
        constexpr int kNoRequest = -1;
        return ::syscall(SYS_rt_sigprocmask, kNoRequest, word * kWord, nullptr, kWord) == 0 || errno != EFAULT;
    }

    static constexpr std::uint32_t kMost = 8;
    struct Block {
        std::uintptr_t address;
        std::size_t bytes, at;
    };
    std::uint32_t count_ = 0;
    std::size_t used_ = 0;
    Block blocks_[kMost];
    char bytes_[kRoom];
};

}  // namespace heddle::trace
