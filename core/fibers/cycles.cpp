#include "core/fibers/cycles.h"

#include "core/fibers/carrier.h"
#include "core/fibers/memory.h"
#include "core/fibers/objects.h"
#include "core/fibers/process_state.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {
namespace {

using trace::Ending;

constexpr std::uint32_t kShortestCycle = 32;  // that is looked for at first
constexpr std::uint32_t kMostRoundsAlone = 2;

constexpr auto& g_remembered = g_common.cycles.remembered;
constexpr auto& g_transfers = g_common.cycles.transfers;
constexpr auto& g_states = g_common.cycles.states;
constexpr auto& g_came_from = g_common.cycles.came_from;
constexpr auto& g_thorough = g_common.cycles.thorough;

std::uint64_t bit(std::uint32_t thread) {
    return std::uint64_t{1} << thread;
}

std::uint64_t digest_of_processes() {
    std::uint64_t digest = digest_of_shared_objects();
    for (std::uint32_t i = 0; i < g_common.cycles.shared_count; ++i)
        digest = mix(digest, g_common.cycles.shared_pages[i].state);
    for (std::uint32_t i = 0; i < g_common.process_count; ++i) {
        if (g_common.processes[i].at_gate) digest = mix(digest, mix(i, g_common.cycles.own_states[i]));
    }
    return digest;
}

// Where everybody stands, with their locals and the program's variables.
std::uint64_t main_state() {
    std::uint64_t digest = mix(g_on_threads ? digest_of_processes() : digest_of_variables(), g_transfers);
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (!fiber.alive) continue;
        digest = mix(digest, static_cast<std::uint64_t>(fiber.pending.kind) | i << 8);
        digest = mix(digest, fiber.pending.object ^ (fiber.pending.pc << 16));
        if (!g_on_threads) digest = mix(digest, stack_digest(fiber));
    }
    return digest;
}

// What else may tell two states apart. Takes longer.
std::uint64_t rest_of_state() {
    std::uint64_t digest = 1;
    if (!g_on_threads) digest = mix(digest_of_heap(g_board->thread_count), digest_of_objects());
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (fiber.alive) digest = mix(digest, (fiber.signalled ? 1U : 0U) | (fiber.queue_ticket != 0 ? 2U : 0U));
    }
    return digest;
}

// False: the one that moved last is gone.
bool note_own_state() {
    if (!g_on_threads) return true;
    if (!is_mine(g_fibers[g_current])) return false;
    note_shared_pages();
    g_common.cycles.own_states[g_process] = mix(digest_of_own_process(g_thorough), g_thorough ? 1 : 0);
    return true;
}

bool schedule_ends_at(std::uint32_t step) {
    if (step == 0 || g_board->block_count == 0 || g_board->block_count > trace::kMostSteps) return false;
    const trace::Block& last = g_board->blocks[g_board->block_count - 1];
    const trace::Step& latest = g_board->steps[step - 1];
    return latest.thread == last.thread && latest.operation.tick == last.last_tick;
}

}  // namespace

void begin_cycles() {
    g_remembered = {0, 0, 0, UINT32_MAX, 0};
    g_thorough = g_board->first_cycle != 0;
    for (std::uint64_t& place : g_came_from) place = 0;
}

void note_transfer() {
    ++g_transfers;
}

// Brent's cycle finding over whole states.
void look_for_a_cycle(std::uint32_t step, std::uint32_t fair_from, std::uint64_t enabled) {
    // No state within a block comes back before the block's end; to look at the whole of a long one for each of its parts is
    // slow.
    if (g_fibers[g_current].inside_block) {
        g_remembered.moved |= bit(g_current);
        return;
    }
    if (!note_own_state()) return;
    g_remembered.moved |= bit(g_current);
    const std::uint64_t state = mix(main_state(), g_current);
    const bool all_moved = (enabled & ~g_remembered.moved) == 0;
    const bool same = step > g_remembered.at && state == g_remembered.state && all_moved;
    if (same && g_on_threads && !g_thorough) {  // from now on it is worth the time
        g_thorough = true;
        g_remembered = {0, 0, 0, UINT32_MAX, 0};
        return;
    }
    if (same && rest_of_state() == g_remembered.rest) end_execution(Ending::kLivelock, 0, 0);
    if (step >= g_remembered.next) g_remembered = {state, rest_of_state(), 0, step, 2 * step - fair_from + kShortestCycle};
}

// With where each thread came from: whoever replays this with more of what the threads do as steps, finds them in the same
// place then, too.
void note_state(std::uint32_t step) {
    if (step > 0) {
        const trace::Step& latest = g_board->steps[step - 1];
        std::uint64_t place = latest.operation.pc;
        for (const std::uint64_t site : latest.callers.sites) place = mix(place, site);
        g_came_from[latest.thread] = place;
    }
    if (!note_own_state()) note_transfer();
    std::uint64_t state = mix(main_state(), rest_of_state());
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) state = mix(state, g_came_from[i]);
    g_states[step] = state;
}

void look_for_first_cycle(std::uint32_t step, std::uint64_t enabled) {
    const bool replayed = g_board->follow == trace::Follow::kBlocks;
    if (replayed && !schedule_ends_at(step)) return;
    std::uint64_t moved = 0, able = enabled;
    std::uint32_t rounds = 0;
    for (std::uint32_t i = step; i-- > 0;) {
        const trace::Step& done = g_board->steps[i];
        if (done.operation.older != 0) break;  // what a load returned was no part of the state
        moved |= bit(done.thread);
        able |= done.enabled;
        if (g_states[i] != g_states[step]) continue;
        if ((able & ~moved) == 0) end_execution(Ending::kLivelock, 0, 0);
        ++rounds;
    }
    if (!replayed && rounds >= kMostRoundsAlone) end_execution(Ending::kRedundant, step, 0);
}

}  // namespace heddle::fibers
