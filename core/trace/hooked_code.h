// What the two libraries inside the program know about code compiled with hooks, for calls that the compiler leaves in it where
// it copies a block of memory: whose call it was, and whether a hook has announced the block already. Nothing allocates or
// locks.
#pragma once

#include <link.h>

#include <atomic>
#include <cstdint>

namespace heddle::trace {

// The code of the objects that ask for __tsan_init: GCC and Clang have it called by the constructors of each that has hooks.
// Who calls it does not tell which object that is: optimized, a constructor goes there without coming back.
class HookedCode {
public:
    bool holds(std::uint64_t pc) const { return code_.hold(pc); }
    // What such an object holds and nobody may write: a string in the program's text.
    bool is_constant(std::uint64_t address) const { return constants_.hold(address); }
    // While a library is loaded, under the dynamic linker's lock: one thread at a time.
    void add_objects() {
        Look look{this, 0};
        ::dl_iterate_phdr(look_at_object, &look);
        looked_at_ = look.loaded;
    }

    // Whether such an object asks for one of these functions (ended by null) as well.
    static bool any_asks_for(const char* const* names) {
        return ::dl_iterate_phdr(
                   [](dl_phdr_info* info, std::size_t, void* out) {
                       if (!asks_for(*info, "__tsan_init")) return 0;
                       for (const char* const* name = static_cast<const char* const*>(out); *name != nullptr; ++name)
                           if (asks_for(*info, *name)) return 1;
                       return 0;
                   },
                   const_cast<const char**>(names)) != 0;
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

    struct Look {
        HookedCode* code;
        std::uint64_t loaded;  // objects so far
    };
    // 1: none was loaded since the last look.
    static int look_at_object(dl_phdr_info* info, std::size_t, void* out) {
        auto& [code, loaded] = *static_cast<Look*>(out);
        loaded = info->dlpi_adds;
        if (loaded == code->looked_at_) return 1;
        const auto each = [&](auto take) {
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                if (header.p_type == PT_LOAD) take(Range{info->dlpi_addr + header.p_vaddr, header.p_memsz}, header.p_flags);
            }
        };
        bool known = false;
        each([&](Range range, unsigned may) { known = known || ((may & PF_X) != 0 && code->holds(range.low)); });
        if (known || !asks_for(*info, "__tsan_init")) return 0;
        each([&](Range range, unsigned may) {
            if ((may & PF_X) != 0) code->code_.add(range);
            if ((may & PF_W) == 0) code->constants_.add(range);
        });
        return 0;
    }

    // Whether a function of this name is to be found for the object elsewhere, by what it has for the dynamic linker (ELF).
    static bool asks_for(const dl_phdr_info& object, const char* name) {
        const ElfW(Dyn)* entry = nullptr;
        for (int i = 0; i < object.dlpi_phnum; ++i) {
            const auto& header = object.dlpi_phdr[i];
            if (header.p_type == PT_DYNAMIC) entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + header.p_vaddr);
        }
        constexpr std::size_t kMostTags = DT_JMPREL + 1;
        ElfW(Addr) values[kMostTags] = {};
        for (; entry != nullptr && entry->d_tag != DT_NULL; ++entry)
            if (entry->d_tag > 0 && static_cast<std::size_t>(entry->d_tag) < kMostTags)
                values[entry->d_tag] = entry->d_un.d_val;
        const auto table = [&](std::size_t tag) {  // glibc has added the base there, but where nobody may write
            return values[tag] < object.dlpi_addr ? values[tag] + object.dlpi_addr : values[tag];
        };
        const auto* const symbols = reinterpret_cast<const ElfW(Sym)*>(table(DT_SYMTAB));
        const auto* const text = reinterpret_cast<const char*>(table(DT_STRTAB));
        const auto asked_in = [&](std::size_t tag, std::size_t bytes) {
            const auto* const first = reinterpret_cast<const ElfW(Rela)*>(table(tag));
            for (std::size_t i = 0; i < values[bytes] / sizeof(ElfW(Rela)); ++i)
                if (same(text + symbols[ELF64_R_SYM(first[i].r_info)].st_name, name)) return true;
            return false;
        };
        return asked_in(DT_JMPREL, DT_PLTRELSZ) || asked_in(DT_RELA, DT_RELASZ);
    }
    static bool same(const char* a, const char* b) {
        for (; *a != '\0' && *a == *b; ++a) ++b;
        return *a == *b;
    }

    static constexpr std::uint32_t kMost = 32;  // objects; of more the blocks they copy are not seen
    Ranges<kMost> code_;
    Ranges<kMost * 4> constants_;
    std::uint64_t looked_at_ = 0;  // as many objects had been loaded by then
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
