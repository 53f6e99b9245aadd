#include <sys/mman.h>

#include "core/fibers/carrier.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/context.h"
#include "core/fibers/heap_faults.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spin.h"
#include "core/fibers/thread_keys.h"
#include "core/fibers/thread_pointer.h"

namespace heddle::fibers {
namespace {

constexpr std::size_t kStackBytes = std::size_t{1} << 20, kFirstStackBytes = std::size_t{8} << 20;

void* g_home_stack;
std::uintptr_t g_home_pointer;
void (*g_entry)();
bool g_at_checkpoint;

void go_to(std::uint32_t chosen, void** from) {
    g_current = chosen;
    set_thread_pointer(g_fibers[chosen].thread_pointer);
    heddle_switch(from, g_fibers[chosen].saved_stack);
}

void fiber_main() {
    Fiber& fiber = current();
    if (fiber.routine == nullptr) {
        g_entry();
        end_execution(trace::Ending::kFinished, 0, 0);
    }
    end_fiber(fiber.routine(fiber.argument), 0);
}

bool ensure_stack(std::uint32_t number) {
    Fiber& fiber = g_fibers[number];
    if (fiber.stack_high != 0) return true;
    const std::size_t bytes = number == 0 ? kFirstStackBytes : kStackBytes;
    constexpr int kHow = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* const at = HEDDLE_REAL(mmap)(nullptr, bytes, PROT_READ | PROT_WRITE, kHow, -1, 0);
    if (at == MAP_FAILED) return false;
    ::mprotect(at, 4096, PROT_NONE);
    fiber.stack_low = reinterpret_cast<std::uintptr_t>(at);
    fiber.stack_high = fiber.stack_low + bytes;
    return true;
}

}  // namespace

bool prepare_fiber(std::uint32_t number) {
    if (!ensure_stack(number)) return false;
    g_fibers[number].saved_stack = prepare_stack(g_fibers[number].stack_high, fiber_main);
    return true;
}

void end_fiber(void* result, std::uint64_t pc) {
    // What libc does at a thread's end: the destructors of its thread-local variables, then of its thread-specific data.
    static const auto call_destructors = reinterpret_cast<void (*)()>(::dlsym(RTLD_DEFAULT, "__call_tls_dtors"));
    if (call_destructors != nullptr) call_destructors();
    call_key_destructors();
    finish_fiber(result, pc);
    // The first thread may end before the others (pthread_exit); with the last one the process ends.
    if (!anybody_alive()) end_execution(trace::Ending::kFinished, 0, 0);
    go_to(choose(), &current().saved_stack);
    __builtin_unreachable();
}

void switch_fibers(std::uint32_t chosen) {
    go_to(chosen, &current().saved_stack);
}

void leave_fibers() {
    set_thread_pointer(g_home_pointer);
    void* left_behind;
    heddle_switch(&left_behind, g_home_stack);
    __builtin_unreachable();
}

void stand_at_checkpoint() {
    g_at_checkpoint = true;
    set_thread_pointer(g_home_pointer);
    heddle_switch(&current().saved_stack, g_home_stack);
}

void run_on_fibers(void (*entry)()) {
    if (entry != nullptr) {
        begin_execution(0);
        keep_freed(0);
        g_entry = entry;
        prepare_fiber(0);
        reset_fiber(0, nullptr, nullptr);
        g_current = 0;
        g_home_pointer = thread_pointer();
    }
    do {
        g_at_checkpoint = false;
        g_exploring = true;
        go_to(g_current, &g_home_stack);
        g_exploring = false;
        if (g_at_checkpoint) keep_checkpoint();
    } while (g_at_checkpoint);
    describe_threads();
    g_board->digest = digest_of_variables();
    for (std::uint32_t i = 0; i < g_board->output_bytes; ++i) {
        g_board->digest = mix(g_board->digest, static_cast<unsigned char>(g_board->output[i]));
    }
}

}  // namespace heddle::fibers
