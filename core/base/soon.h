// Waiting for what mostly comes sooner than the kernel puts a thread to sleep and wakes it again.
#pragma once

namespace heddle {

// Looks for some fifty microseconds whether it is `there`; whoever is told false goes to sleep. Not longer: what it waits for
// may need this very CPU.
template <typename There>
bool comes_soon(const There& there) {
    constexpr int kLooks = 3'000;
    for (int look = 0; look < kLooks; ++look) {
        if (there()) return true;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#else
        asm volatile("yield");
#endif
    }
    return false;
}

}  // namespace heddle
