// Several threads reach for one prize. Each draws a number in one step; number 0 wins.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<int> drawn = 0;
std::atomic<int> winners = 0;

void reach() {
    const int number = drawn.fetch_add(1);  // reads the old value and adds
    if (number == 0) {
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
