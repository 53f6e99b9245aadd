// The guard of a function's static variable (Itanium C++ ABI 3.3.3: its first byte is not 0 once the variable is initialized;
// the rest is the library's). Both libraries inside the program stand in for the C++ library's functions, which they may not
// have behind them: a program may load it late. Never allocates or throws; wait and wake are a futex's (man 2 futex).
#pragma once

#include <atomic>
#include <cstdint>

namespace heddle::trace::static_guard {

inline constexpr std::uint32_t kDone = 1, kRunning = 1U << 8, kAwaited = 1U << 16;

inline std::atomic_ref<std::uint32_t> word_of(void* guard) {
    return std::atomic_ref<std::uint32_t>(*static_cast<std::uint32_t*>(guard));
}

// True: the caller is to initialize the variable. False: it is initialized, also where that had to be waited for.
template <typename Wait>
bool acquire(void* guard, Wait wait) {
    const auto word = word_of(guard);
    std::uint32_t seen = word.load(std::memory_order_acquire);
    while ((seen & kDone) == 0) {
        if (seen == 0) {
            if (word.compare_exchange_weak(seen, kRunning, std::memory_order_acquire)) return true;
        } else if ((seen & kAwaited) != 0 || word.compare_exchange_weak(seen, seen | kAwaited, std::memory_order_relaxed)) {
            wait(seen | kAwaited);
            seen = word.load(std::memory_order_acquire);
        }
    }
    return false;
}

// done: the variable is initialized. Else its initialization threw, and the next one tries again.
template <typename Wake>
void release(void* guard, bool done, Wake wake) {
    if ((word_of(guard).exchange(done ? kDone : 0, std::memory_order_acq_rel) & kAwaited) != 0) wake();
}

}  // namespace heddle::trace::static_guard
