#include "core/fibers/gate_lock.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/processes.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr auto& g_lock = g_common.lock;

}  // namespace

void kernel_wait(std::atomic<std::uint32_t>& word, std::uint32_t value, const timespec* most) {
    HEDDLE_REAL(syscall)(SYS_futex, &word, FUTEX_WAIT, value, most, nullptr, 0);
}
void kernel_wake(std::atomic<std::uint32_t>& word) {
    HEDDLE_REAL(syscall)(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

namespace {

// From a process that was killed while it held the lock.
bool inherit_lock() {
    std::int32_t owner = g_board->chooser.load();
    const std::int32_t mine = g_common.processes[g_process].pid;
    if (owner == 0 || owner == mine || !has_ended(owner) || !g_board->chooser.compare_exchange_strong(owner, mine))
        return false;
    // It did not come to say who goes on.
    if (g_common.choosing.exchange(false)) g_common.somebody_moves = false;
    return true;
}

}  // namespace

bool try_lock_gate() {
    std::uint32_t free = 0;
    if (!g_lock.compare_exchange_strong(free, 1)) return inherit_lock();
    g_board->chooser.store(g_common.processes[g_process].pid);
    return true;
}

void unlock_gate() {
    g_board->chooser.store(0);
    if (g_lock.exchange(0) == 2) kernel_wake(g_lock);
}

namespace {

void lock_gate() {
    if (try_lock_gate()) return;
    const timespec until_next_look{0, 20'000'000};
    while (g_lock.exchange(2) != 0) {
        kernel_wait(g_lock, 2, &until_next_look);
        if (inherit_lock()) return;
    }
    g_board->chooser.store(g_common.processes[g_process].pid);
}

}  // namespace

GateLock::GateLock() {
    lock_gate();
}

GateLock::~GateLock() {
    unlock_gate();
}

bool let_others_in() {
    constexpr int kMostTimes = 50;  // they may have to come in again
    const timespec moment{0, 100'000};
    int times = 0;
    for (; times < kMostTimes && g_lock.load() == 2; ++times) {
        unlock_gate();
        HEDDLE_REAL(nanosleep)(&moment, nullptr);
        lock_gate();
    }
    return times > 0;
}

}  // namespace heddle::fibers
