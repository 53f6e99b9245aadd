#include "core/fibers/checkpoint.h"

#include <string.h>

#include <algorithm>
#include <memory>

#include "core/fibers/carrier.h"
#include "core/fibers/heap_faults.h"
#include "core/fibers/memory.h"
#include "core/fibers/older_values.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr std::uint32_t kMost = 32;
constexpr std::uint32_t kWorthIt = 8;                     // steps that it saves
constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // of one; a larger program begins at main
constexpr std::uint32_t kNever = UINT32_MAX;

struct Checkpoint {
    std::uint32_t step = 0, threads = 0, current = 0, unjoined = 0, output_bytes = 0, freed_blocks = 0;
    std::uint64_t logical_ns = 0;
    MemoryMark memory;
    std::unique_ptr<char[]> bytes;  // fibers, stacks, memory
    std::size_t room = 0;
};

// Each begins with the steps of the one before it, and the latest execution with those of them all.
Checkpoint g_kept[kMost];
std::uint32_t g_kept_count = 0;
std::uint32_t g_due = kNever;
bool g_outside_state = false;

// What the executions have in common besides their beginnings.
struct Setting {
    trace::Follow follow;
    std::uint32_t every_access, spurious, step_limit;
    bool operator==(const Setting&) const = default;
};
Setting g_setting;

std::size_t stack_bytes(const Fiber& fiber) {
    return fiber.alive ? fiber.stack_high - reinterpret_cast<std::uintptr_t>(fiber.saved_stack) : 0;
}

// The steps that the request has in common with the execution before, up to where threads may be asleep.
std::uint32_t common_steps() {
    const std::uint32_t most = std::min({g_board->prefix_length, g_board->step_count, g_board->sleep_from});
    std::uint32_t step = 0;
    while (step < most && g_board->prefix[step].thread == g_board->steps[step].thread &&
           g_board->prefix[step].choice == g_board->steps[step].choice) {
        ++step;
    }
    return step;
}

bool may_be_kept() {
    return !g_on_threads && !g_outside_state && !knows_older_values() && g_board->task == trace::Task::kSearch &&
           g_board->follow == trace::Follow::kSame && g_board->every_access == 0;
}

// Every other one goes.
void thin_out() {
    for (std::uint32_t i = 1; i < kMost / 2; ++i) std::swap(g_kept[i], g_kept[2 * i]);
    g_kept_count = kMost / 2;
}

// What was kept says nothing about the executions to come.
void forget() {
    g_kept_count = 0;
    g_due = kNever;
}

}  // namespace

bool resume_checkpoint() {
    const Setting setting{g_board->follow, g_board->every_access, g_board->spurious, g_board->step_limit};
    if (!may_be_kept() || setting != g_setting || g_board->newly_visible != 0) forget();
    g_setting = setting;
    if (!may_be_kept()) return false;
    const std::uint32_t common = common_steps();
    while (g_kept_count > 0 && g_kept[g_kept_count - 1].step > common) --g_kept_count;
    const std::uint32_t from = g_kept_count > 0 ? g_kept[g_kept_count - 1].step : 0;
    g_due = g_board->sleep_from >= from + kWorthIt ? g_board->sleep_from : kNever;
    if (g_kept_count == 0) return false;
    const Checkpoint& kept = g_kept[g_kept_count - 1];
    const char* bytes = kept.bytes.get();
    memcpy(static_cast<void*>(g_fibers), bytes, sizeof(Fiber) * kept.threads);
    bytes += sizeof(Fiber) * kept.threads;
    for (std::uint32_t i = 0; i < kept.threads; ++i) {
        memcpy(g_fibers[i].saved_stack, bytes, stack_bytes(g_fibers[i]));
        bytes += stack_bytes(g_fibers[i]);
    }
    bring_back(kept.memory, bytes, g_board->thread_count);
    begin_execution(kept.threads);
    keep_freed(kept.freed_blocks);
    g_current = kept.current;
    g_unjoined = kept.unjoined;
    g_logical_ns = kept.logical_ns;
    g_board->step_count = kept.step;
    g_board->output_bytes = kept.output_bytes;
    return true;
}

bool checkpoint_is_due() {
    return g_board->step_count == g_due;
}

void keep_checkpoint() {
    g_due = kNever;
    if (!may_be_kept()) return;
    if (g_kept_count == kMost) thin_out();
    const std::uint32_t threads = g_board->thread_count;
    std::size_t bytes = sizeof(Fiber) * threads + bytes_to_keep(threads);
    for (std::uint32_t i = 0; i < threads; ++i) bytes += stack_bytes(g_fibers[i]);
    if (bytes > kMostBytes) return;
    Checkpoint& kept = g_kept[g_kept_count++];
    if (kept.room < bytes) kept.room = bytes + bytes / 4, kept.bytes.reset(new char[kept.room]);
    kept.step = g_board->step_count;
    kept.threads = threads;
    kept.current = g_current;
    kept.unjoined = g_unjoined;
    kept.logical_ns = g_logical_ns;
    kept.output_bytes = g_board->output_bytes;
    kept.freed_blocks = g_freed_blocks;
    char* at = kept.bytes.get();
    memcpy(at, g_fibers, sizeof(Fiber) * threads);
    at += sizeof(Fiber) * threads;
    for (std::uint32_t i = 0; i < threads; ++i) {
        memcpy(at, g_fibers[i].saved_stack, stack_bytes(g_fibers[i]));
        at += stack_bytes(g_fibers[i]);
    }
    kept.memory = keep(threads, at);
}

void note_outside_state() {
    g_outside_state = true;
}

bool has_outside_state() {
    return g_outside_state;
}

}  // namespace heddle::fibers
