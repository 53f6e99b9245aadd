// Guests wait for coffee. One that was woken takes it for granted that a cup is still there.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

std::mutex counter_mutex;
std::condition_variable arrived;
int coffees = 0;  // on the counter
int served = 0;

void drink() {
    std::unique_lock<std::mutex> lock(counter_mutex);
    if (coffees == 0) {
        arrived.wait(lock);
    }
    assert(coffees > 0);
    --coffees;
    ++served;
}

void brew(int cups) {
    for (int i = 0; i < cups; ++i) {
        std::lock_guard<std::mutex> lock(counter_mutex);
        ++coffees;
        arrived.notify_one();
    }
}

int main(int argc, char* argv[]) {
    const int guests = argc > 1 ? std::stoi(argv[1]) : 2;

    std::vector<std::thread> threads;
    for (int i = 0; i < guests; ++i) {
        threads.emplace_back(drink);
    }
    threads.emplace_back(brew, guests);
    for (std::thread& thread : threads) {
        thread.join();
    }

    std::cout << "served " << served << " of " << guests << '\n';
}
