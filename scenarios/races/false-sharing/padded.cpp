// Two threads, each with a counter of its own. Each counter lies in a cache line of its own.
#include <atomic>
#include <functional>
#include <iostream>
#include <string>
#include <thread>

constexpr int kCacheLine = 64;  // bytes, on most of today's processors

struct alignas(kCacheLine) Counters {
    std::atomic<int> first = 0;
    alignas(kCacheLine) std::atomic<int> second = 0;
};
Counters counters;

void count(std::atomic<int>& counter, int increments) {
    for (int i = 0; i < increments; ++i) {
        counter.fetch_add(1, std::memory_order_relaxed);
    }
}

int main(int argc, char* argv[]) {
    const int increments = argc > 1 ? std::stoi(argv[1]) : 100'000;

    std::thread one(count, std::ref(counters.first), increments);
    std::thread two(count, std::ref(counters.second), increments);
    one.join();
    two.join();

    std::cout << "counted " << counters.first << " and " << counters.second << ", sum = " << counters.first + counters.second
              << '\n';
}
