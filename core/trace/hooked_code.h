// What the two libraries inside the program know about code compiled with hooks, for calls that the compiler leaves in it where
// it copies a block of memory: whose call it was, and whether a hook has announced the block already. Nothing allocates or
// locks.
#pragma once

#include <link.h>

#include <atomic>
#include <cstdint>

namespace heddle::trace {

// The code of the objects whose constructors call __tsan_init: GCC and Clang put such a call into each that has hooks.
class HookedCode {
public:
    bool holds(std::uint64_t pc) const {
        const std::uint32_t count = count_.load(std::memory_order_acquire);
        for (std::uint32_t i = 0; i < count; ++i)
            if (pc - ranges_[i].low < ranges_[i].bytes) return true;
        return false;
    }
    // What such an object holds and nobody may write: a string in the program's text.
    bool is_constant(std::uint64_t address) const {
        const std::uint32_t count = constant_count_.load(std::memory_order_acquire);
        for (std::uint32_t i = 0; i < count; ++i)
            if (address - constants_[i].low < constants_[i].bytes) return true;
        return false;
    }
    // While a library is loaded, under the dynamic linker's lock: one thread at a time.
    void add_object_of(std::uint64_t pc) {
        if (holds(pc) || count_.load(std::memory_order_relaxed) == kMost) return;
        Range range{pc, 0};
        ::dl_iterate_phdr(find, &range);
        if (range.bytes == 0) return;
        const std::uint32_t at = count_.load(std::memory_order_relaxed);
        ranges_[at] = range;
        count_.store(at + 1, std::memory_order_release);
        Constants constants{this, pc};
        ::dl_iterate_phdr(find_constants, &constants);
    }

private:
    struct Range {
        std::uint64_t low, bytes;
    };
    static int find(dl_phdr_info* info, std::size_t, void* out) {
        auto& range = *static_cast<Range*>(out);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
            const auto& header = info->dlpi_phdr[i];
            const std::uint64_t low = info->dlpi_addr + header.p_vaddr;
            if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0 || range.low - low >= header.p_memsz) continue;
            range = {low, header.p_memsz};
            return 1;
        }
        return 0;
    }

    struct Constants {
        HookedCode* code;
        std::uint64_t pc;
    };
    static int find_constants(dl_phdr_info* info, std::size_t, void* out) {
        const auto [code, pc] = *static_cast<Constants*>(out);
        Range text{pc, 0};
        if (find(info, 0, &text) == 0) return 0;
        for (int i = 0; i < info->dlpi_phnum; ++i) {
            const auto& header = info->dlpi_phdr[i];
            const std::uint32_t at = code->constant_count_.load(std::memory_order_relaxed);
            if (header.p_type != PT_LOAD || (header.p_flags & PF_W) != 0 || at == kMost * 4) continue;
            code->constants_[at] = {info->dlpi_addr + header.p_vaddr, header.p_memsz};
            code->constant_count_.store(at + 1, std::memory_order_release);
        }
        return 1;
    }

    static constexpr std::uint32_t kMost = 32;  // objects; of more the blocks they copy are not seen
    Range ranges_[kMost]{};
    std::atomic<std::uint32_t> count_{0};
    Range constants_[kMost * 4]{};
    std::atomic<std::uint32_t> constant_count_{0};
};

// GCC calls __tsan_write_range and __tsan_read_range in front of a block copy, and memcpy for the copy itself where it is long;
// then the call is no access of its own. `mark` is any number that grows with every hook of the thread that did something.
class AnnouncedBlocks {
public:
    void announce(bool writes, std::uint64_t address, std::uint64_t bytes, std::uint64_t mark_before, std::uint64_t mark) {
        if (mark_ != mark_before) blocks_[0] = blocks_[1] = {};
        blocks_[writes] = {address, bytes};
        mark_ = mark;
    }
    bool take(bool writes, std::uint64_t address, std::uint64_t bytes, std::uint64_t mark) {
        const bool announced =
            mark == mark_ && bytes != 0 && blocks_[writes].address == address && blocks_[writes].bytes == bytes;
        blocks_[writes] = {};
        return announced;
    }

private:
    struct Block {
        std::uint64_t address, bytes;
    };
    Block blocks_[2];  // all zero to begin with: a thread's own are static
    std::uint64_t mark_;
};

}  // namespace heddle::trace
