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
    bool holds(std::uint64_t pc) const { return code_.hold(pc); }
    // What such an object holds and nobody may write: a string in the program's text.
    bool is_constant(std::uint64_t address) const { return constants_.hold(address); }
    // While a library is loaded, under the dynamic linker's lock: one thread at a time.
    void add_object_of(std::uint64_t pc) {
        if (holds(pc) || code_.full()) return;
        Search search{this, pc};
        ::dl_iterate_phdr(look_at_object, &search);
    }

private:
    struct Range {
        std::uint64_t low, bytes;
        bool holds(std::uint64_t address) const { return address - low < bytes; }
    };
    template <std::uint32_t kMost>
    class Ranges {
    public:
        bool hold(std::uint64_t address) const {
            const std::uint32_t count = count_.load(std::memory_order_acquire);
            for (std::uint32_t i = 0; i < count; ++i)
                if (ranges_[i].holds(address)) return true;
            return false;
        }
        bool full() const { return count_.load(std::memory_order_relaxed) == kMost; }
        void add(Range range) {
            const std::uint32_t at = count_.load(std::memory_order_relaxed);
            if (full()) return;
            ranges_[at] = range;
            count_.store(at + 1, std::memory_order_release);
        }

    private:
        Range ranges_[kMost]{};
        std::atomic<std::uint32_t> count_{0};
    };

    struct Search {
        HookedCode* code;
        std::uint64_t pc;
    };
    // 1: it is the object that was looked for.
    static int look_at_object(dl_phdr_info* info, std::size_t, void* out) {
        const auto [code, pc] = *static_cast<Search*>(out);
        const auto each = [&](auto take) {
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                if (header.p_type == PT_LOAD) take(Range{info->dlpi_addr + header.p_vaddr, header.p_memsz}, header.p_flags);
            }
        };
        bool found = false;
        each([&](Range range, unsigned may) {
            if ((may & PF_X) == 0 || !range.holds(pc)) return;
            code->code_.add(range);
            found = true;
        });
        if (!found) return 0;
        each([&](Range range, unsigned may) {
            if ((may & PF_W) == 0) code->constants_.add(range);
        });
        return 1;
    }

    static constexpr std::uint32_t kMost = 32;  // objects; of more the blocks they copy are not seen
    Ranges<kMost> code_;
    Ranges<kMost * 4> constants_;
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
