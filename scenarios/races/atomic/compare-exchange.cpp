// Several threads reach for one prize. Comparing and writing is one step: the value changes only if it is as expected.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<bool> taken = false;
std::atomic<int> winners = 0;

void reach() {
    bool expected = false;
    if (taken.compare_exchange_strong(expected, true)) {  // writes true only if it holds false
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
