// What is done once. While its routine runs the word is taken. An exception that comes out of it, a longjmp, or the thread's
// end in it gives the word back (glibc's clear_once_control), and the next one to call runs the routine again.
#include "core/runtime/interpose.h"
#include "core/runtime/once.h"
#include "core/runtime/stack_map.h"
#include "core/trace/c11_threads.h"

namespace heddle::runtime {
namespace {

void leave_last(ThreadState& thread) {
    const RunningOnce last = thread.onces[--thread.once_count];
    if (last.routine != nullptr) return;
    emit<Stamp::kAfterwards>(thread, trace::Kind::kCallEnd, static_cast<std::uint8_t>(CallId::kOnceLeft), last.pc, last.once,
                             0);
}

void run_routine() {
    RunningOnce& own = self().onces[self().once_count - 1];
    void (*const routine)() = own.routine;
    own.routine = nullptr;
    call_end(CallId::kOnceRuns, own.once, 0, own.pc);
    routine();
}

int call_once_only(pthread_once_t* once, void (*routine)(), std::uintptr_t pc, std::uintptr_t frame) {
    ThreadState& thread = self();
    note_left_onces(thread, frame);
    const std::uint32_t outer = thread.once_count;
    const bool watched = outer < kMostOnces;
    if (watched) thread.onces[thread.once_count++] = {address_of(once), routine, pc, frame};
    const int result = pthread_call(CallId::kOnce, once, reinterpret_cast<std::uintptr_t>(routine), pc,
                                    [&] { return real::pthread_once(once, watched ? run_routine : routine); });
    thread.once_count = outer;
    return result;
}

}  // namespace

void note_left_onces(ThreadState& thread, std::uintptr_t stack_pointer) {
    if (!on_own_stack(thread, stack_pointer)) return;  // on another stack: addresses cannot be compared
    while (thread.once_count != 0) {
        const std::uintptr_t frame = thread.onces[thread.once_count - 1].frame;
        if (!on_own_stack(thread, frame) || stack_pointer < frame) return;
        leave_last(thread);
    }
}

void note_left_onces(ThreadState& thread) {
    while (thread.once_count != 0) leave_last(thread);
}

}  // namespace heddle::runtime

using namespace heddle::runtime;

#define HEDDLE_FRAME (arch::frame_address(address_of(__builtin_frame_address(0))))

HEDDLE_EXPORT int pthread_once(pthread_once_t* once, void (*routine)()) {
    return call_once_only(once, routine, HEDDLE_CALLER, HEDDLE_FRAME);
}
// The same of ISO C.
HEDDLE_EXPORT void call_once(once_flag* flag, void (*routine)()) {
    call_once_only(heddle::trace::c11::once_of(flag), routine, HEDDLE_CALLER, HEDDLE_FRAME);
}
