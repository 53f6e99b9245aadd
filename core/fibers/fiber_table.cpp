// The fibers: made, found by their handle, ended, and described on the board.
#include <stddef.h>
#include <string.h>

#include "core/fibers/carrier.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

using trace::Ending;
using trace::kMostFibers;

std::uint32_t g_unjoined = 0;

void write_callers(const Fiber& fiber, trace::Callers& out) {
    std::uint32_t depth = fiber.call_depth < Fiber::kMostCalls ? fiber.call_depth : Fiber::kMostCalls;
    for (std::uint64_t& site : out.sites) site = depth > 0 ? fiber.calls[--depth] : 0;
}

void describe_threads() {
    std::uint64_t alive = 0;
    g_board->described.fetch_add(1);
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        g_board->cut_off[i] = g_fibers[i].used && !g_fibers[i].alive ? g_fibers[i].cut_off : 0;
        if (!g_fibers[i].alive && g_board->cut_off[i] == 0) continue;
        if (g_fibers[i].alive) alive |= std::uint64_t{1} << i;
        g_board->pending[i] = announced_by(g_fibers[i]);
        write_callers(g_fibers[i], g_board->pending_callers[i]);
    }
    g_board->alive = alive;
    g_board->described.fetch_add(1);
}

// The same thread gets the same number, whoever else makes threads meanwhile.
std::uint32_t next_number() {
    const auto parent = static_cast<std::uint8_t>(g_current);
    const std::uint32_t index = current().children++;
    Name* const names = g_common.names;
    std::uint32_t number = 1;
    while (number <= g_common.named && (names[number].parent != parent || names[number].index != index)) ++number;
    if (number >= kMostFibers) end_execution(Ending::kTooManyThreads, 0, 0, ending_text::kManyThreads.words);
    if (number > g_common.named) names[++g_common.named] = {parent, index};
    return number;
}

std::uint32_t add_fiber(void* (*routine)(void*), void* argument) {
    const std::uint32_t number = next_number();
    if (!g_on_threads && !prepare_fiber(number)) end_execution(Ending::kMemoryLimit, 0, 0, ending_text::kNoStack.words);
    reset_fiber(number, routine, argument);
    ++g_unjoined;
    return number;
}

void reset_fiber(std::uint32_t number, void* (*routine)(void*), void* argument) {
    Fiber& fiber = g_fibers[number];
    const std::uintptr_t low = fiber.stack_low, high = fiber.stack_high, pointer = fiber.thread_pointer;
    void* const start = fiber.saved_stack;
    memset(static_cast<void*>(&fiber), 0, offsetof(Fiber, calls));
    fiber.call_depth = fiber.skipped = fiber.forced = 0;
    fiber.inside_block = false;
    fiber.spinning = false;
    fiber.spin.count = fiber.spin.patience = 0;
    fiber.pending = Operation{};
    fiber.outside_object = fiber.outside_second = fiber.changed = 0;
    fiber.stack_low = low, fiber.stack_high = high, fiber.thread_pointer = pointer, fiber.saved_stack = start;
    fiber.used = fiber.alive = true;
    fiber.process = g_process;
    fiber.routine = routine;
    fiber.argument = argument;
    fiber.user_stack = high;
    fiber.pending.kind = OperationKind::kStart;
    if (number >= g_board->thread_count) g_board->thread_count = number + 1;
}

std::uint32_t fiber_of(pthread_t thread) {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (g_fibers[i].used && is_mine(g_fibers[i]) && g_fibers[i].thread_pointer == static_cast<std::uintptr_t>(thread))
            return i;
    }
    return kMostFibers;
}

void finish_fiber(void* result, std::uint64_t pc) {
    Operation operation;
    operation.kind = OperationKind::kEnd;
    operation.object = g_current;
    operation.pc = pc;
    perform(operation);
    Fiber& fiber = current();
    if (fiber.held_locks > 0) {
        g_board->object = fiber.last_lock;
        end_execution(Ending::kLockLeak, 0, pc);
    }
    fiber.result = result;
    fiber.alive = false;
}

bool anybody_alive() {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (g_fibers[i].alive && is_mine(g_fibers[i])) return true;
    }
    return false;
}

}  // namespace heddle::fibers
