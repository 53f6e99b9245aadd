// Several threads add to one counter; a thread that was overtaken notices it and tries again.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<int> counter = 0;

void add(int increments) {
    for (int i = 0; i < increments; ++i) {
        int seen = counter;
        while (!counter.compare_exchange_weak(seen, seen + 1)) {
            // the counter had changed: seen now holds its new value
        }
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 2;
    const int increments = argc > 2 ? std::stoi(argv[2]) : 50'000;

    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back(add, increments);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    std::cout << "counter = " << counter << ", expected " << threads * increments << '\n';
}
