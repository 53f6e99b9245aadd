// Two threads that hand over to each other through a release and an acquire for some milliseconds: by an atomic variable, or by
// a mutex that protects whose turn it is. Prints the addresses. Usage: handover atomic|mutex MILLISECONDS
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

using Clock = std::chrono::steady_clock;

std::atomic<int> turn;
std::mutex lock;
int protected_turn;

// Looks without a hook, so that the one recorded load comes as soon as it can see the store.
__attribute__((no_sanitize("thread"), noinline)) bool await_turn(int mine, Clock::time_point end) {
    const volatile int* const word = reinterpret_cast<const int*>(&turn);
    for (int spins = 1; *word != mine; ++spins) {
        if (spins % 1024 == 0 && Clock::now() > end) return false;
    }
    return true;
}

void by_atomic(int parity, Clock::time_point end) {
    for (int i = parity; await_turn(i, end); i += 2) {
        if (turn.load(std::memory_order_acquire) == i) turn.store(i + 1, std::memory_order_release);
    }
}

void by_mutex(int parity, Clock::time_point end) {
    while (Clock::now() < end) {
        const std::lock_guard<std::mutex> guard(lock);
        if (protected_turn % 2 == parity) ++protected_turn;
    }
}

// Each on a CPU of its own, where there are two.
void stay_on(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const auto end = Clock::now() + std::chrono::milliseconds(std::atoi(argv[2]));
    void (*const body)(int, Clock::time_point) = std::strcmp(argv[1], "mutex") == 0 ? by_mutex : by_atomic;
    std::thread other([&] {
        stay_on(1);
        body(1, end);
    });
    stay_on(0);
    body(0, end);
    other.join();
    std::printf("turn=%p\nlock=%p\nprotected_turn=%p\n", static_cast<void*>(&turn), static_cast<void*>(&lock),
                static_cast<void*>(&protected_turn));
}
