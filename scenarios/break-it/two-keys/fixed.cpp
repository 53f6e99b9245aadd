// A cook and a waiter both take the last plate. Both of them lock the same mutex.
#include <cassert>
#include <iostream>
#include <mutex>
#include <thread>

int plates = 1;
std::mutex plates_mutex;

void cook() {
    std::lock_guard<std::mutex> lock(plates_mutex);
    if (plates > 0) {
        plates--;
        assert(plates >= 0);
    }
}

void wait_at_table() {
    std::lock_guard<std::mutex> lock(plates_mutex);
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
