#include "core/fibers/scheduler.h"

#include <errno.h>
#include <string.h>
#include <sys/time.h>

#include "core/fibers/carrier.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/cycles.h"
#include "core/fibers/heap_faults.h"
#include "core/fibers/lock_of_several.h"
#include "core/fibers/objects.h"
#include "core/fibers/older_values.h"
#include "core/fibers/processes.h"
#include "core/fibers/spaces.h"
#include "core/fibers/spin.h"
#include "core/fibers/turns.h"
#include "core/trace/dependence.h"

namespace heddle::fibers {

using trace::Ending;
using trace::kMostFibers;

trace::Board* g_board = nullptr;
bool g_exploring = false;

namespace {

constexpr std::uint32_t kPatience = 64;
constexpr std::uint32_t kFairAfter = sched::RunOn::kFairAfter;

constexpr auto& g_asleep = g_common.asleep;
constexpr auto& g_partly_asleep = g_common.partly_asleep;
constexpr auto& g_choice = g_common.choice;
constexpr auto& g_looked_at = g_common.looked_at;

void look_again(Fiber& spinner) {
    spinner.spinning = false;
    spinner.pending.flags &= static_cast<std::uint8_t>(~trace::operation_flags::kSpun);
    spinner.spin.count = 0;
}

// A loop that may end by itself is given some rounds before it counts as waiting for ever.
std::uint64_t let_a_spinner_go_on() {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        Fiber& fiber = g_fibers[i];
        if (!fiber.alive || !fiber.spinning || fiber.spin.patience >= kPatience) continue;
        ++fiber.spin.patience;
        look_again(fiber);
        return std::uint64_t{1} << i;
    }
    return 0;
}

// Who goes next where nothing is prescribed.
sched::Policy& policy() {
    switch (g_board->follow) {
        case trace::Follow::kRandom:
            return g_common.policies.random_walk;
        case trace::Follow::kPriorities:
            return g_common.policies.pct;
        case trace::Follow::kTurns:
            return g_common.policies.round_robin;
        case trace::Follow::kSame:
        case trace::Follow::kBlocks:
            break;
    }
    return g_common.policies.run_on;
}

// What the schedule says of this moment.
sched::Move scheduled(sched::Moment moment) {
    std::uint32_t ticks[kMostFibers]{};
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (!fiber.used) continue;
        if (fiber.alive) moment.alive |= std::uint64_t{1} << i;
        ticks[i] = fiber.alive ? fiber.pending.tick : fiber.tick;
    }
    moment.ticks = ticks;
    return g_common.policies.replay.next(moment);
}

// In Step a wait on a condition variable ends without a signal where the schedule lets its thread go on all the same.
std::uint64_t woken_by_schedule() {
    if (!g_on_threads || g_board->follow != trace::Follow::kBlocks) return 0;
    const std::uint32_t next = scheduled({}).thread;
    if (next == sched::kNoThread) return 0;
    const Fiber& fiber = g_fibers[next];
    const bool known = is_mine(fiber) || is_shared(fiber.identity);
    return awaits_signal(fiber) && known && lock_is_free(object_of(fiber), next, false) ? std::uint64_t{1} << next : 0;
}

std::uint32_t pick(std::uint64_t awake, std::uint32_t step) {
    const sched::Moment moment{awake, g_current, step, g_board->prefix_length, 0, nullptr};
    if (const std::uint32_t only = gives_back(); sched::holds(awake, only)) return only;
    if (g_board->follow == trace::Follow::kBlocks) {
        const sched::Move move = scheduled(moment);
        if (move.thread != sched::kNoThread) {
            Fiber& fiber = g_fibers[move.thread];
            const bool there = fiber.used && fiber.alive;
            if (there && (fiber.outside || may_change_from_outside(fiber)))
                return sched::kNoThread;                 // until it is back, or can go on
            const bool spins = there && fiber.spinning;  // which it may, where a schedule says so
            if (!sched::holds(awake, move.thread) && !spins)
                end_execution(Ending::kDiverged, step, there ? fiber.pending.pc : 0, ending_text::kCannotGoOn.words);
            if (spins && is_mine(fiber) && changed_object(fiber) == 0) look_again(fiber);
            g_choice = move.choice;
            return move.thread;
        }
    }
    return policy().next(moment).thread;
}

bool ends_behind_blocks() {
    const bool ends = g_on_threads && g_board->follow == trace::Follow::kBlocks && g_board->pause_at == trace::kAfterBlocks;
    return ends && scheduled({}).thread == sched::kNoThread;
}

void give_up_at(std::uint32_t step, std::uint64_t enabled) {
    if (enabled != 0) end_execution(Ending::kRedundant, step, 0);
    end_execution(Ending::kDeadlock, 0, 0);
}

// In how many ways what the fiber is about to do can come out.
std::uint32_t choices_of(const Fiber& fiber) {
    if (fiber.pending.kind != OperationKind::kSignal) return choices_of_load(fiber);
    std::uint8_t waiting[kMostFibers];
    const std::uint32_t count = waiters_of(fiber.identity, waiting);
    return count < 1 ? 1 : count;
}

// The first way that was not tried.
std::uint32_t first_awake_choice(std::uint32_t fiber) {
    if ((g_partly_asleep >> fiber & 1) == 0) return 0;
    const std::uint64_t untried = ~g_board->asleep_choices[fiber];
    return untried == 0 ? 64 : static_cast<std::uint32_t>(__builtin_ctzll(untried));
}

// Those of the fibers that have a step left to try.
std::uint64_t awake_among(std::uint64_t enabled) {
    std::uint64_t awake = enabled & ~g_asleep;
    for (std::uint64_t partly = awake & g_partly_asleep; partly != 0; partly &= partly - 1) {
        const auto fiber = static_cast<std::uint32_t>(__builtin_ctzll(partly));
        if (first_awake_choice(fiber) >= choices_of(g_fibers[fiber])) awake &= ~(std::uint64_t{1} << fiber);
    }
    return awake;
}

void wake_dependent(std::uint32_t chosen, const Operation& operation) {
    for (std::uint64_t left = g_asleep | g_partly_asleep; left != 0; left &= left - 1) {
        const auto sleeper = static_cast<std::uint32_t>(__builtin_ctzll(left));
        if (sleeper == chosen || trace::dependent(announced_by(g_fibers[sleeper]), operation)) {
            g_asleep &= ~(std::uint64_t{1} << sleeper);
            g_partly_asleep &= ~(std::uint64_t{1} << sleeper);
        }
    }
}

// Which way beyond what is asked for.
std::uint32_t pick_choice(std::uint32_t fiber, std::uint32_t choices) {
    const bool random = g_board->follow == trace::Follow::kRandom || g_board->follow == trace::Follow::kPriorities;
    if (random) return static_cast<std::uint32_t>(mix(g_board->seed, g_board->step_count) % choices);
    return first_awake_choice(fiber);
}

// Nobody at the gate can go on, but that may change.
bool anybody_may_come() {
    for (std::uint32_t i = 0; g_on_threads && i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (fiber.alive && (fiber.outside || fiber.interrupted || may_change_from_outside(fiber))) return true;
    }
    return false;
}

// A signal that was sent has not come to its thread yet, or an alarm is set.
bool anybody_comes_to_a_handler() {
    const timespec moment{0, 20'000'000};
    if (!g_on_threads || g_searching) return false;
    itimerval alarm{};
    if (::getitimer(ITIMER_REAL, &alarm) == 0 && (alarm.it_value.tv_sec != 0 || alarm.it_value.tv_usec != 0)) return true;
    if (!g_common.signals_sent) return false;
    HEDDLE_REAL(nanosleep)(&moment, nullptr);
    return anybody_may_come();
}

std::uint32_t wait_for_somebody() {
    describe_threads();
    g_board->enabled = 0;
    return sched::kNoThread;
}

}  // namespace

std::uint32_t choose(bool handles_signals) {
    const std::uint32_t step = g_board->step_count;
    if (step > g_looked_at) after_step();
    g_looked_at = step;
    if (g_common.process_count > 1) bury_ended_processes();
    if (step >= g_board->step_limit) end_execution(Ending::kStepLimit, 0, 0);
    if (g_on_threads && !stand_at_gate(handles_signals)) return kHandlerFirst;
    std::uint64_t enabled = enabled_fibers() | woken_by_schedule();
    if (enabled == 0 && anybody_may_come()) return wait_for_somebody();
    if (enabled == 0) enabled = let_a_spinner_go_on();
    if (g_searching && g_board->first_cycle != 0) note_state(step);
    if (enabled == 0 && anybody_comes_to_a_handler()) return wait_for_somebody();
    std::uint32_t chosen;
    g_choice = 0;
    if (step < g_board->prefix_length) {
        chosen = g_board->prefix[step].thread;
        g_choice = g_board->prefix[step].choice;
        if (chosen >= kMostFibers || (enabled >> chosen & 1) == 0) end_execution(Ending::kDiverged, step, 0);
    } else {
        const std::uint64_t awake = awake_among(enabled);
        if (awake == 0) give_up_at(step, enabled);
        if (ends_behind_blocks()) {
            g_board->pause_at = step;
            return choose(handles_signals);
        }
        if (g_searching && g_board->first_cycle != 0) look_for_first_cycle(step, enabled);
        chosen = pick(awake, step);
        if (chosen == sched::kNoThread) return sched::kNoThread;
        // From then on they take turns, and a state that comes back is a livelock.
        const std::uint32_t fair_from = g_board->prefix_length + kFairAfter;
        if (g_searching && step >= fair_from) look_for_a_cycle(step, fair_from, enabled);
    }
    Fiber& fiber = g_fibers[chosen];
    before_step(fiber.pending);
    const std::uint32_t choices = choices_of(fiber);
    if (choices > kMostFibers) end_execution(Ending::kUnsupported, 0, 0, ending_text::kManyStores.words);
    if (step >= g_board->prefix_length && g_board->follow != trace::Follow::kBlocks) g_choice = pick_choice(chosen, choices);
    if (g_choice >= choices) end_execution(Ending::kDiverged, step, 0);
    note_choice(fiber, g_choice);
    if (awaits_signal(fiber)) fiber.woke_alone = true;
    trace::Step& written = g_board->steps[step];
    written.operation = announced_by(fiber);
    written.enabled = enabled;
    written.thread = static_cast<std::uint8_t>(chosen);
    written.choice = static_cast<std::uint8_t>(g_choice);
    written.choices = static_cast<std::uint8_t>(choices);
    write_callers(fiber, written.callers);
    if (fiber.spinning) {
        written.operation.second = fiber.changed;
        fiber.spinning = false;
        fiber.spin.count = 0;
    }
    g_board->step_count = step + 1;
    const bool writes = written.operation.kind == OperationKind::kWrite || written.operation.kind == OperationKind::kUpdate;
    if (writes && !g_on_threads) note_written(chosen, written.operation);
    if (step >= g_board->sleep_from && (g_asleep | g_partly_asleep) != 0) wake_dependent(chosen, written.operation);
    return chosen;
}

Operation announced_by(const Fiber& fiber) {
    Operation operation = fiber.pending;
    const bool in_memory = trace::is_in_memory(operation.kind) || operation.kind == OperationKind::kFree;
    if (!g_searching || !g_on_threads || !in_memory) return operation;
    operation.object = fiber.outside_object;
    operation.second = fiber.outside_second;
    return operation;
}

namespace {

void note_identities(Fiber& fiber, const Operation& operation) {
    fiber.identity = fiber.second_identity = 0;
    if (!trace::is_in_memory(operation.kind) || trace::is_access(operation.kind)) return;
    const bool own = (operation.flags & trace::operation_flags::kOwnProcess) != 0;
    fiber.identity = own ? own_identity(operation.object) : identity_of(operation.object);
    if (operation.second != 0) fiber.second_identity = identity_of(operation.second);
}

}  // namespace

std::uint32_t perform(const Operation& operation) {
    Fiber& fiber = current();
    Operation announced = operation;
    announced.tick = next_tick(fiber);
    fiber.skipped = 0;
    const bool plain = trace::is_access(operation.kind) && (operation.flags & trace::operation_flags::kAtomic) == 0;
    if (!plain) fiber.library_look.depth = 0;
    if (fiber.spinning) announced.flags |= trace::operation_flags::kSpun;
    note_identities(fiber, operation);
    note_outside_names(fiber, announced);
    if (g_on_threads) {
        take_turns(announced);
        return g_choice;
    }
    fiber.pending = announced;
    if (checkpoint_is_due()) stand_at_checkpoint();
    if (const std::uint32_t chosen = choose(); chosen != g_current) switch_fibers(chosen);
    return g_choice;
}

trace::Step& last_step() {
    return g_board->steps[g_board->step_count - 1];
}

bool fails_with_eintr() {
    if (!current().fails) return false;
    current().fails = false;
    last_step().operation.flags |= trace::operation_flags::kFailed | trace::operation_flags::kInterrupted;
    made_progress();
    errno = EINTR;
    return true;
}

void note_ending(Ending ending, std::int64_t value, std::uint64_t pc, const char* text) {
    g_board->value = value;
    g_board->pc = pc;
    g_board->thread = g_current;
    const std::size_t length = strnlen(text, sizeof g_board->text - 1);  // strncpy would fill the rest with zeros
    memcpy(g_board->text, text, length);
    g_board->text[length] = 0;
    trace::set_ending(*g_board, ending);
}

void end_execution(Ending ending, std::int64_t value, std::uint64_t pc, const char* text) {
    // What the thread did behind its last step is part of the schedule then: whoever follows it comes to this end.
    if (trace::ends_in_its_thread(ending) && g_board->step_count > 0) last_step().operation.tick = current().tick;
    note_ending(ending, value, pc, text);
    if (g_on_threads) stand_for_ever();
    leave_fibers();
}

void unsupported(const char* call, std::uint64_t pc) {
    end_execution(Ending::kUnsupported, 0, pc, call);
}

void need_threads(const char* call, std::uint64_t pc) {
    if (!g_on_threads) end_execution(Ending::kNeedsThreads, 0, pc, call);
}

void begin_execution(std::uint32_t fibers) {
    for (std::uint32_t i = fibers; i < kMostFibers; ++i) g_fibers[i].used = g_fibers[i].alive = false;
    g_board->ending = Ending::kNone;
    g_board->step_count = 0;
    g_board->thread_count = fibers;
    g_board->newly_visible = 0;
    g_board->output_bytes = 0;
    g_board->text[0] = 0;
    g_board->object = 0;
    g_board->place_count = g_board->mapping_count = 0;
    g_asleep = g_board->asleep;
    g_partly_asleep = g_board->partly_asleep;
    begin_older_values();
    g_looked_at = 0;
    g_unjoined = 0;
    g_logical_ns = 0;
    begin_cycles();
    follow_course();
}

void follow_course() {
    Policies& policies = g_common.policies;
    if (!g_on_threads || g_board->follow != policies.follow || g_board->seed != policies.seed) {
        policies.pct.set(g_board->priority_changes, g_board->expected_steps);
        policy().begin(g_board->seed);
        policies.follow = g_board->follow;
        policies.seed = g_board->seed;
    }
    policies.replay.set(g_board->blocks, g_board->block_count < trace::kMostSteps ? g_board->block_count : trace::kMostSteps);
    policies.replay.begin(0);
    g_common.followed = g_board->asked.load();
}

}  // namespace heddle::fibers
