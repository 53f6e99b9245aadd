// Several threads reach for one prize. Each leaves a mark and gets back, in the same step, what was there before.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<bool> taken = false;
std::atomic<int> winners = 0;

void reach() {
    const bool was_taken = taken.exchange(true);  // reads the old value and writes the new one
    if (!was_taken) {
        ++winners;
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 3;

    std::vector<std::thread> children;
    for (int i = 0; i < threads; ++i) {
        children.emplace_back(reach);
    }
    for (std::thread& child : children) {
        child.join();
    }

    std::cout << "winners = " << winners << ", prizes 1\n";
}
