// What a library reads and writes for the program, as accesses of the program: asked for at the gate, then recorded
// (trace/library_call.h). On the program's own threads.
#pragma once

#include <stdio.h>

#include "core/runtime/gate.h"
#include "core/runtime/hooked_block.h"
#include "core/runtime/interpose.h"
#include "core/trace/kept_blocks.h"
#include "core/trace/library_state.h"

namespace heddle::runtime {

class LibraryAccess {
public:
    explicit LibraryAccess(std::uintptr_t pc) : pc_(pc) {}  // 0: the call is none of the program's
    explicit operator bool() const { return pc_ != 0; }

    // Elsewhere than at the gate no system call is made for it.
    static bool can_look(const void* pointer, std::size_t bytes) {
        ThreadState& thread = self();
        const bool guarded = g_process.attached.load(std::memory_order_relaxed) && !gate::holds(thread);
        return guarded ? loads(thread, address_of(pointer), bytes) : trace::KeptBlocks::is_mapped(pointer, bytes);
    }

    void read(const void* pointer, std::size_t bytes) {
        if (pc_ != 0 && !g_hooked_code.is_constant(address_of(pointer)))
            range_hook(trace::Kind::kReadRange, pointer, bytes, pc_);
    }
    void offer(const void* pointer, std::size_t bytes) {
        if (!at_gate() || trace::KeptBlocks::is_mapped(pointer, bytes)) read(pointer, bytes);
    }
    void expect(const void* pointer, std::size_t bytes) {
        if (at_gate()) kept_.keep(pointer, bytes);
    }
    void write(void* pointer, std::size_t bytes) {
        if (pc_ == 0) return;
        if (appears(pointer, bytes))
            record_range(self(), trace::Kind::kWriteRange, pointer, bytes, pc_);
        else
            range_hook(trace::Kind::kWriteRange, pointer, bytes, pc_);
        if (count_ < kMost) written_[count_++] = {pointer, bytes};
    }
    void store(void* pointer, std::size_t bytes) {
        if (pc_ == 0) return;
        if (!appears(pointer, bytes) && at_gate()) range_hook(trace::Kind::kWriteRange, pointer, bytes, pc_);
        record_stored(pointer, bytes, pc_);
    }
    void draws();
    void keeps(const void* pointer, trace::LibraryState state) {
        if (pc_ == 0) return;
        emit(self(), trace::Kind::kCallEnd, static_cast<std::uint8_t>(CallId::kLibraryState), pc_, address_of(pointer),
             static_cast<std::uint64_t>(state));
    }
    void takes(FILE*) { takes_ = true; }
    void takes_wide(FILE* stream) { takes(stream); }
    // A stream's use is a step at the gate; what it reads and writes by descriptors, the program reads and writes there.
    void enter() {
        if (takes_) note_caller(pc_), self().library_pc = pc_;
    }
    void returned() {
        if (takes_) note_caller(0), self().library_pc = 0;
    }
    void show() {
        for (std::uint32_t i = 0; i < count_; ++i) record_contents(written_[i].pointer, written_[i].bytes, pc_);
        count_ = 0;
    }

private:
    static bool loads(ThreadState& thread, std::uintptr_t address, std::size_t bytes) {
        constexpr std::uintptr_t kPage = 4096;
        if (bytes == 0 || bytes - 1 > UINTPTR_MAX - address) return false;
        const auto forget = [&thread] { thread.attention &= static_cast<std::uint16_t>(~attention::kLoadFaulted); };
        forget();
        for (std::uintptr_t at = address; at - address < bytes; at = (at / kPage + 1) * kPage) arch::load_may_fault<0>(at);
        const bool loaded = (thread.attention & attention::kLoadFaulted) == 0;
        forget();
        return loaded;
    }
    bool at_gate() const { return pc_ != 0 && gate::holds(self()); }
    // At the gate: what was written there, and kept from sight, is written now. False: it was not kept.
    bool appears(void* pointer, std::size_t bytes) {
        char now[trace::KeptBlocks::kRoom];
        if (!at_gate() || !kept_.put_back(pointer, bytes, now)) return false;
        gate::ask(self(), pc_, [&] { gate::g_hooks.copy(pointer, now, bytes); });
        return true;
    }

    static constexpr std::uint32_t kMost = 8;  // of further blocks what is in them is not known
    struct Block {
        const void* pointer;
        std::size_t bytes;
    };
    std::uintptr_t pc_;
    bool takes_ = false;
    std::uint32_t count_ = 0;
    Block written_[kMost];
    trace::KeptBlocks kept_;
};

// Of a call that may be libc's, on behalf of the program.
inline std::uintptr_t caller_in_program(std::uintptr_t caller) {
    const std::uintptr_t called_library = self().library_pc;
    return called_library != 0 && !g_hooked_code.holds(caller) ? called_library : caller;
}

inline LibraryAccess library_access(const void* caller, const void*) {
    return LibraryAccess(g_hooked_code.holds(address_of(caller)) ? address_of(caller) : 0);
}

}  // namespace heddle::runtime
