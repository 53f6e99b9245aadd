// A cook and a waiter both take the last plate. Each of them locks a mutex of its own.
#include <cassert>
#include <iostream>
#include <mutex>
#include <thread>

int plates = 1;
std::mutex cook_mutex;
std::mutex waiter_mutex;

void cook() {
    std::lock_guard<std::mutex> lock(cook_mutex);
    if (plates > 0) {
        plates--;
        assert(plates >= 0);
    }
}

void wait_at_table() {
    std::lock_guard<std::mutex> lock(waiter_mutex);
    if (plates > 0) {
        plates--;
        assert(plates >= 0);
    }
}

int main() {
    std::thread first(cook);
    std::thread second(wait_at_table);
    first.join();
    second.join();
    std::cout << "plates = " << plates << '\n';
}
