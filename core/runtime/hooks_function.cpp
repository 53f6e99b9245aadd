// Function entry and exit: the shadow call stack, and copies of frames so that locals the compiler does not instrument can be
// shown with their real values. A frame is known by its canonical frame address (the address just above its return address);
// frames that an exception or longjmp left behind are popped when the next entry or exit shows that they are gone.
#include "core/runtime/emit.h"
#include "core/runtime/gate.h"
#include "core/runtime/once.h"
#include "core/runtime/stack_map.h"

namespace heddle::runtime {
namespace {

using trace::Kind;

constexpr std::uintptr_t kMostFrameBytes = 256;

std::uint8_t depth_detail(std::uint32_t depth) {
    return static_cast<std::uint8_t>(depth < 255 ? depth : 255);
}

// The entered function's canonical frame address: by its frame pointer where it keeps one, else by looking for its return
// address above the hook's own frame; 0 when neither is found.
std::uintptr_t find_frame(const ThreadState& thread, std::uintptr_t frame_pointer, std::uintptr_t stack_pointer,
                          std::uintptr_t call_site) {
    const std::uintptr_t frame = arch::frame_address(frame_pointer);
    const bool plausible = frame > stack_pointer && frame % 8 == 0 && frame - stack_pointer < kMostStackBytes;
    if (plausible && (!on_own_stack(thread, stack_pointer) || on_own_stack(thread, frame - 1)) &&
        (call_site == 0 || *reinterpret_cast<std::uintptr_t*>(arch::return_slot(frame)) == call_site)) {
        return frame;
    }
    if (call_site == 0) return 0;
    constexpr std::uintptr_t kWords = 512;
    for (std::uintptr_t at = stack_pointer; at < stack_pointer + kWords * 8 && on_own_stack(thread, at); at += 8) {
        if (*reinterpret_cast<std::uintptr_t*>(at) == call_site) return at + 8;
    }
    return 0;
}

void copy_frame(ThreadState& thread, std::uintptr_t low, std::uintptr_t high, std::uintptr_t pc) {
    if (thread.frame_copies_left == 0 || low >= high || !on_own_stack(thread, low) || !on_own_stack(thread, high - 1)) return;
    --thread.frame_copies_left;
    if (high - low > kMostFrameBytes) low = high - kMostFrameBytes;  // locals are nearest to the frame's top
    emit_payload(thread, Kind::kFrameBytes, 0, pc, low, reinterpret_cast<const void*>(low), high - low);
}

std::uintptr_t top_frame(const ThreadState& thread) {
    if (thread.depth == 0 || thread.depth > kShadowDepth || thread.block == nullptr) return 0;
    return thread.block->frames[thread.depth - 1];
}

void pop(ThreadState& thread, std::uintptr_t pc, std::uintptr_t frame) {
    emit(thread, Kind::kFunctionExit, depth_detail(thread.depth), pc, frame, 0);
    --thread.depth;
}

// The stack grows down, so a live caller's frame lies above the frame just entered.
void pop_dead_frames(ThreadState& thread, std::uintptr_t entered, std::uintptr_t pc) {
    if (!on_own_stack(thread, entered - 1)) return;  // on another stack: addresses cannot be compared
    for (std::uintptr_t top = top_frame(thread); top != 0 && top <= entered && on_own_stack(thread, top - 1);
         top = top_frame(thread)) {
        pop(thread, pc, top);
    }
}

void push(ThreadState& thread, std::uintptr_t frame) {
    if (thread.block != nullptr && thread.depth < kShadowDepth) thread.block->frames[thread.depth] = frame;
    ++thread.depth;
}

// How many frames of the shadow stack lie above the one with this address: left without an exit. 0 when it is not found.
std::uint32_t frames_above(const ThreadState& thread, std::uintptr_t frame) {
    if (thread.block == nullptr || thread.depth > kShadowDepth) return 0;
    for (std::uint32_t i = thread.depth; i > 0; --i) {
        if (thread.block->frames[i - 1] == frame) return thread.depth - i;
    }
    return 0;
}

}  // namespace
}  // namespace heddle::runtime

using namespace heddle::runtime;

HEDDLE_EXPORT void __tsan_func_entry(void* call_site) {
    ThreadState& thread = self();
    if (gate::holds(thread)) gate::g_hooks.entry(call_site);
    if (thread.phase != Phase::kReady && !enter_slow(thread)) return;
    const std::uintptr_t pc = address_of(__builtin_return_address(0));
    const std::uintptr_t stack_pointer = arch::frame_address(address_of(__builtin_frame_address(0)));
    const std::uintptr_t frame =
        find_frame(thread, *static_cast<std::uintptr_t*>(__builtin_frame_address(0)), stack_pointer, address_of(call_site));
    if (thread.once_count != 0) note_left_onces(thread, stack_pointer);
    if (frame != 0) {
        pop_dead_frames(thread, frame, pc);
        forget_frame(thread, stack_pointer, frame);
        copy_frame(thread, frame, top_frame(thread), pc);
    }
    push(thread, frame);
    emit(thread, heddle::trace::Kind::kFunctionEntry, depth_detail(thread.depth), pc, frame, address_of(call_site));
}

HEDDLE_EXPORT void __tsan_func_exit() {
    ThreadState& thread = self();
    if (gate::holds(thread)) gate::g_hooks.exit();
    if ((thread.phase != Phase::kReady && !enter_slow(thread)) || thread.depth == 0) return;
    const std::uintptr_t pc = address_of(__builtin_return_address(0));
    const std::uintptr_t stack_pointer = arch::frame_address(address_of(__builtin_frame_address(0)));
    const std::uintptr_t frame =
        find_frame(thread, *static_cast<std::uintptr_t*>(__builtin_frame_address(0)), stack_pointer, 0);
    if (thread.once_count != 0) note_left_onces(thread, stack_pointer);
    for (std::uint32_t above = frames_above(thread, frame); above > 0; --above) pop(thread, pc, top_frame(thread));
    copy_frame(thread, stack_pointer, top_frame(thread), pc);
    pop(thread, pc, top_frame(thread));
}
