#include "core/fibers/scheduler.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "core/fibers/context.h"
#include "core/fibers/memory.h"
#include "core/fibers/objects.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {

using trace::Ending;
using trace::kMostFibers;

trace::Board* g_board = nullptr;
Fiber g_fibers[kMostFibers];
std::uint32_t g_current = 0;
bool g_exploring = false;
std::uint32_t g_unjoined = 0;
std::uint64_t g_logical_ns = 0;

namespace {

constexpr std::size_t kStackBytes = std::size_t{1} << 20, kFirstStackBytes = std::size_t{8} << 20;
constexpr std::uint32_t kPatience = 64;
constexpr std::uint32_t kFairAfter = 1000;  // steps; from then on threads take turns, and a state that comes back is a livelock

void* g_home_stack;
std::uintptr_t g_home_pointer;
std::uint64_t g_asleep;
std::uint32_t g_choice;
void (*g_entry)();
std::uint64_t g_random;

std::uint32_t g_block;
constexpr std::uint32_t kMostChanges = 16;
std::uint32_t g_change_points[kMostChanges], g_priorities[kMostFibers];

// For the livelock check: a state, and who has moved since.
struct Remembered {
    std::uint64_t state, moved;
    std::uint32_t at, next;
};
Remembered g_remembered;

void write_callers(const Fiber& fiber, trace::Callers& out) {
    std::uint32_t depth = fiber.call_depth < Fiber::kMostCalls ? fiber.call_depth : Fiber::kMostCalls;
    for (std::uint64_t& site : out.sites) site = depth > 0 ? fiber.calls[--depth] : 0;
}

std::uint64_t enabled_fibers() {
    std::uint64_t enabled = 0;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (g_fibers[i].alive && is_enabled(g_fibers[i])) enabled |= std::uint64_t{1} << i;
    }
    return enabled;
}

// A loop that may end by itself is given some rounds before it counts as waiting for ever.
std::uint64_t let_a_spinner_go_on() {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        Fiber& fiber = g_fibers[i];
        if (!fiber.alive || !fiber.spinning || fiber.spin.patience >= kPatience) continue;
        ++fiber.spin.patience;
        fiber.spinning = false;
        fiber.pending.flags &= static_cast<std::uint8_t>(~trace::operation_flags::kSpun);
        fiber.spin.count = 0;
        return std::uint64_t{1} << i;
    }
    return 0;
}

std::uint64_t next_random() {
    g_random ^= g_random << 13;
    g_random ^= g_random >> 7;
    g_random ^= g_random << 17;
    return g_random;
}

std::uint32_t highest(std::uint64_t bits) {
    std::uint32_t best = static_cast<std::uint32_t>(__builtin_ctzll(bits));
    for (; bits != 0; bits &= bits - 1) {
        const auto each = static_cast<std::uint32_t>(__builtin_ctzll(bits));
        if (g_priorities[each] > g_priorities[best]) best = each;
    }
    return best;
}

void draw_priorities() {
    for (std::uint32_t& priority : g_priorities)
        priority = kMostChanges + 1 + static_cast<std::uint32_t>(next_random() % 65536);
    const std::uint32_t steps = g_board->expected_steps > 0 ? g_board->expected_steps : 100;
    for (std::uint32_t& point : g_change_points) point = static_cast<std::uint32_t>(next_random() % steps);
}

std::uint32_t nth_bit(std::uint64_t bits, std::uint32_t n) {
    for (; n > 0; --n) bits &= bits - 1;
    return static_cast<std::uint32_t>(__builtin_ctzll(bits));
}

// PCT: the highest priority goes first; at each change point who would go falls behind everybody.
std::uint32_t pick_by_priority(std::uint64_t awake, std::uint32_t step) {
    for (std::uint32_t change = 0; change < g_board->priority_changes && change < kMostChanges; ++change) {
        if (g_change_points[change] == step) g_priorities[highest(awake)] = kMostChanges - change;
    }
    return highest(awake);
}

// The thread of the block under way; kMostFibers when there is none left.
std::uint32_t pick_by_block() {
    while (g_block < g_board->block_count && g_block < trace::kMostSteps) {
        const trace::Block& block = g_board->blocks[g_block];
        if (block.thread >= kMostFibers) break;
        const Fiber& fiber = g_fibers[block.thread];
        if (fiber.used && fiber.alive && fiber.pending.tick <= block.last_tick) {
            if (fiber.pending.tick == block.last_tick) g_choice = block.choice;
            return block.thread;
        }
        ++g_block;
    }
    return kMostFibers;
}

std::uint32_t pick(std::uint64_t awake, std::uint32_t step) {
    if (g_board->follow == trace::Follow::kBlocks) {
        const std::uint32_t chosen = pick_by_block();
        if (chosen != kMostFibers) {
            if ((awake >> chosen & 1) == 0)
                end_execution(Ending::kDiverged, step, g_fibers[chosen].pending.pc, "the thread cannot go on here");
            return chosen;
        }
    }
    if (g_board->follow == trace::Follow::kPriorities) return pick_by_priority(awake, step);
    if (g_board->follow == trace::Follow::kRandom) {
        return nth_bit(awake, static_cast<std::uint32_t>(next_random() % static_cast<unsigned>(__builtin_popcountll(awake))));
    }
    const bool take_turns = step >= g_board->prefix_length + kFairAfter;
    if (!take_turns && (awake >> g_current & 1) != 0) return g_current;
    const std::uint64_t above = take_turns && g_current < 63 ? awake & ~((std::uint64_t{2} << g_current) - 1) : 0;
    return static_cast<std::uint32_t>(__builtin_ctzll(above != 0 ? above : awake));
}

std::uint64_t whole_state() {
    std::uint64_t digest = digest_of_variables();
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (!fiber.alive) continue;
        digest = mix(digest, static_cast<std::uint64_t>(fiber.pending.kind) | i << 8);
        digest = mix(digest, fiber.pending.object ^ (fiber.pending.pc << 16));
        digest = mix(digest, stack_digest(fiber));
    }
    return digest;
}

// Brent's cycle finding over whole states; ends the execution when one comes back after all that could move have moved.
void look_for_a_cycle(std::uint32_t step, std::uint64_t enabled) {
    g_remembered.moved |= std::uint64_t{1} << g_current;
    const std::uint64_t state = mix(whole_state(), g_current);
    const bool all_moved = (enabled & ~g_remembered.moved) == 0;
    if (step > g_remembered.at && state == g_remembered.state && all_moved) end_execution(Ending::kLivelock, 0, 0);
    if (step >= g_remembered.next) g_remembered = {state, 0, step, step + (step - g_board->prefix_length)};
}

void give_up_at(std::uint32_t step, std::uint64_t enabled) {
    if (enabled != 0) end_execution(Ending::kRedundant, step, 0);
    end_execution(Ending::kDeadlock, 0, 0);
}

// Who does the next step, and writes that step down.
std::uint32_t choose() {
    const std::uint32_t step = g_board->step_count;
    if (step >= g_board->step_limit) end_execution(Ending::kStepLimit, 0, 0);
    std::uint64_t enabled = enabled_fibers();
    if (enabled == 0) enabled = let_a_spinner_go_on();
    std::uint32_t chosen;
    g_choice = 0;
    if (step < g_board->prefix_length) {
        chosen = g_board->prefix[step].thread;
        g_choice = g_board->prefix[step].choice;
        if (chosen >= kMostFibers || (enabled >> chosen & 1) == 0) end_execution(Ending::kDiverged, step, 0);
    } else {
        const std::uint64_t awake = enabled & ~g_asleep;
        if (awake == 0) give_up_at(step, enabled);
        chosen = pick(awake, step);
        if (step >= g_board->prefix_length + kFairAfter) look_for_a_cycle(step, enabled);
    }
    Fiber& fiber = g_fibers[chosen];
    trace::Step& written = g_board->steps[step];
    written.operation = fiber.pending;
    written.enabled = enabled;
    written.thread = static_cast<std::uint8_t>(chosen);
    written.choice = static_cast<std::uint8_t>(g_choice);
    written.choices = 1;
    write_callers(fiber, written.callers);
    if (fiber.pending.kind == OperationKind::kSignal) {
        std::uint8_t waiting[kMostFibers];
        const std::uint32_t count = waiters_of(fiber.pending.object, waiting);
        written.choices = static_cast<std::uint8_t>(count < 1 ? 1 : count);
        if (g_choice >= written.choices) end_execution(Ending::kDiverged, step, 0);
    }
    if (fiber.spinning) {
        written.operation.second = changed_object(fiber);
        fiber.spinning = false;
        fiber.spin.count = 0;
    }
    g_board->step_count = step + 1;
    if (step >= g_board->sleep_from && g_asleep != 0) {
        for (std::uint64_t left = g_asleep; left != 0; left &= left - 1) {
            const auto sleeper = static_cast<std::uint32_t>(__builtin_ctzll(left));
            if (sleeper == chosen || trace::dependent(g_fibers[sleeper].pending, written.operation)) {
                g_asleep &= ~(std::uint64_t{1} << sleeper);
            }
        }
    }
    g_logical_ns += 1000;
    return chosen;
}

void go_to(std::uint32_t chosen, void** from) {
    g_current = chosen;
    set_thread_pointer(g_fibers[chosen].thread_pointer);
    heddle_switch(from, g_fibers[chosen].saved_stack);
}

void fiber_main() {
    Fiber& fiber = current();
    if (fiber.routine == nullptr) {
        g_entry();
        end_execution(Ending::kFinished, 0, 0);
    }
    finish_fiber(fiber.routine(fiber.argument), 0);
}

void start_fiber(std::uint32_t number, void* (*routine)(void*), void* argument) {
    Fiber& fiber = g_fibers[number];
    const std::uintptr_t low = fiber.stack_low, high = fiber.stack_high, pointer = fiber.thread_pointer;
    memset(static_cast<void*>(&fiber), 0, offsetof(Fiber, calls));
    fiber.call_depth = fiber.skipped = 0;
    fiber.spinning = false;
    fiber.spin.count = fiber.spin.patience = 0;
    fiber.pending = Operation{};
    fiber.stack_low = low, fiber.stack_high = high, fiber.thread_pointer = pointer;
    fiber.used = fiber.alive = true;
    fiber.routine = routine;
    fiber.argument = argument;
    fiber.saved_stack = prepare_stack(high, fiber_main);
    fiber.user_stack = high;
    fiber.pending.kind = OperationKind::kStart;
    if (number >= g_board->thread_count) g_board->thread_count = number + 1;
}

bool ensure_stack(std::uint32_t number) {
    Fiber& fiber = g_fibers[number];
    if (fiber.stack_high != 0) return true;
    const std::size_t bytes = number == 0 ? kFirstStackBytes : kStackBytes;
    void* const at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return false;
    ::mprotect(at, 4096, PROT_NONE);
    fiber.stack_low = reinterpret_cast<std::uintptr_t>(at);
    fiber.stack_high = fiber.stack_low + bytes;
    return true;
}

}  // namespace

bool is_enabled(const Fiber& fiber) {
    if (fiber.spinning) return changed_object(fiber) != 0;
    const auto number = static_cast<std::uint32_t>(&fiber - g_fibers);
    switch (fiber.pending.kind) {
        case OperationKind::kJoin:
            return !g_fibers[fiber.pending.object].alive;
        case OperationKind::kLock:
            // After a wait on a condition variable: not before its signal.
            if (fiber.queue_ticket != 0 && !fiber.signalled && !fiber.timed && g_board->spurious == 0) return false;
            return lock_is_free(object_at(fiber.pending.object), number, false);
        case OperationKind::kReadLock:
            return lock_is_free(object_at(fiber.pending.object), number, true);
        case OperationKind::kAcquirePermit:
            return object_at(fiber.pending.object).permits > 0;
        case OperationKind::kLeave:
            return object_at(fiber.pending.object).generation != fiber.generation;
        case OperationKind::kFutexResume:
            return fiber.signalled || fiber.timed;
        default:
            return true;
    }
}

std::uint32_t perform(const Operation& operation) {
    Fiber& fiber = current();
    fiber.pending = operation;
    fiber.pending.tick = ++fiber.tick;
    fiber.skipped = 0;
    if (fiber.spinning) fiber.pending.flags |= trace::operation_flags::kSpun;
    const std::uint32_t chosen = choose();
    if (chosen != g_current) go_to(chosen, &fiber.saved_stack);
    return g_choice;
}

trace::Step& last_step() {
    return g_board->steps[g_board->step_count - 1];
}

void end_execution(Ending ending, std::int64_t value, std::uint64_t pc, const char* text) {
    g_board->ending = ending;
    g_board->value = value;
    g_board->pc = pc;
    g_board->thread = g_current;
    strncpy(g_board->text, text, sizeof g_board->text - 1);
    set_thread_pointer(g_home_pointer);
    void* left_behind;
    heddle_switch(&left_behind, g_home_stack);
    __builtin_unreachable();
}

void unsupported(const char* call, std::uint64_t pc) {
    end_execution(Ending::kUnsupported, 0, pc, call);
}

void run_execution(void (*entry)()) {
    for (Fiber& fiber : g_fibers) fiber.used = fiber.alive = false;
    g_board->step_count = 0;
    g_board->thread_count = 0;
    g_board->newly_visible = 0;
    g_board->output_bytes = 0;
    g_board->text[0] = 0;
    g_board->object = 0;
    g_asleep = g_board->asleep;
    g_random = g_board->seed * 2 + 1;
    g_unjoined = 0;
    g_logical_ns = 0;
    g_block = 0;
    draw_priorities();
    g_entry = entry;
    g_remembered = {0, 0, UINT32_MAX, 0};
    ensure_stack(0);
    start_fiber(0, nullptr, nullptr);
    g_home_pointer = thread_pointer();
    g_exploring = true;
    go_to(0, &g_home_stack);
    g_exploring = false;
    g_board->alive = 0;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (!g_fibers[i].alive) continue;
        g_board->alive |= std::uint64_t{1} << i;
        g_board->pending[i] = g_fibers[i].pending;
        write_callers(g_fibers[i], g_board->pending_callers[i]);
    }
    g_board->digest = digest_of_variables();
    for (std::uint32_t i = 0; i < g_board->output_bytes; ++i) {
        g_board->digest = mix(g_board->digest, static_cast<unsigned char>(g_board->output[i]));
    }
}

std::uint32_t add_fiber(void* (*routine)(void*), void* argument) {
    // The same thread gets the same number, whoever else makes threads meanwhile: it is known by its maker and its place among
    // the maker's threads.
    static struct {
        std::uint8_t parent;
        std::uint32_t index;
    } names[kMostFibers];
    static std::uint32_t named = 1;
    const auto parent = static_cast<std::uint8_t>(g_current);
    const std::uint32_t index = current().children++;
    std::uint32_t number = 1;
    while (number < named && (names[number].parent != parent || names[number].index != index)) ++number;
    if (number >= kMostFibers) end_execution(Ending::kTooManyThreads, 0, 0, "more than 64 threads");
    if (number == named) names[named++] = {parent, index};
    if (!ensure_stack(number)) end_execution(Ending::kMemoryLimit, 0, 0, "no memory for another stack");
    start_fiber(number, routine, argument);
    ++g_unjoined;
    return number;
}

std::uint32_t fiber_of(pthread_t thread) {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (g_fibers[i].used && g_fibers[i].thread_pointer == static_cast<std::uintptr_t>(thread)) return i;
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
    // The first thread may end before the others (pthread_exit); with the last one the process ends.
    bool anybody = false;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) anybody = anybody || g_fibers[i].alive;
    if (!anybody) end_execution(Ending::kFinished, 0, 0);
    const std::uint32_t chosen = choose();
    go_to(chosen, &fiber.saved_stack);
    __builtin_unreachable();
}

}  // namespace heddle::fibers
