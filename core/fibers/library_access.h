// What a library reads and writes for the program: steps like any other access of the program (trace/library_call.h). Not where
// the runtime stands in front, which asks by its own hooks.
#pragma once

#include "core/fibers/blocks.h"
#include "core/fibers/channel_streams.h"
#include "core/fibers/file_steps.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/trace/kept_blocks.h"
#include "core/trace/library_state.h"

namespace heddle::fibers {

class LibraryAccess {
public:
    explicit LibraryAccess(std::uint64_t pc) : pc_(pc) {}  // 0: the call is none of the program's
    explicit operator bool() const { return pc_ != 0 || (g_exploring && !g_searching); }

    static bool can_look(const void* pointer, std::size_t bytes) { return trace::KeptBlocks::is_mapped(pointer, bytes); }
    void read(const void* pointer, std::size_t bytes) {
        if (pc_ != 0 && !is_constant(pointer)) block_hook(false, pointer, bytes, pc_);
    }
    void offer(const void* pointer, std::size_t bytes) {
        if (pc_ != 0 && trace::KeptBlocks::is_mapped(pointer, bytes)) read(pointer, bytes);
    }
    void expect(void* pointer, std::size_t bytes) {
        if (pc_ != 0) kept_.keep(pointer, bytes);
        if (!g_on_threads && trace::KeptBlocks::is_mapped(pointer, bytes)) touch(pointer, bytes);
    }
    void write(void* pointer, std::size_t bytes) {
        if (pc_ == 0) return;
        char now[trace::KeptBlocks::kRoom];
        if (kept_.put_back(pointer, bytes, now))
            copy_stepwise(pointer, now, bytes, pc_);
        else
            block_hook(true, pointer, bytes, pc_);
    }
    void store(void* pointer, std::size_t bytes) { write(pointer, bytes); }
    void draws();
    void keeps(const void* pointer, trace::LibraryState state) {
        if (pc_ != 0) g_board->library_states[static_cast<std::size_t>(state)] = reinterpret_cast<std::uint64_t>(pointer);
    }
    void takes(FILE* stream) {
        const std::uint64_t pc = heddle_caller != 0 ? heddle_caller : pc_;
        if (!is_channel_stream(stream)) return announce_file(stream, false, pc);
        hold_stream(stream, pc);
        held_ = stream;
    }
    // The standard streams that stand in for libc's on fibers do not.
    void takes_wide(FILE* stream) {
        if (stream == stdin) need_threads("wide letters", pc_);
        takes(stream);
    }
    void enter() {}
    void returned() {
        if (held_ != nullptr) release_stream(held_, current().stream_pc);
    }
    void show() {}

private:
    std::uint64_t pc_;
    FILE* held_ = nullptr;
    trace::KeptBlocks kept_;
};

inline LibraryAccess library_access(const void* caller, void* frame) {
    const auto pc = reinterpret_cast<std::uint64_t>(caller);
    if (!g_exploring || !is_program_code(pc)) return LibraryAccess(0);
    pass_hook(frame);
    return LibraryAccess(pc);
}

}  // namespace heddle::fibers
