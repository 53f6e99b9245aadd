// Two clerks sell the seats of one bus: look whether one is free, then take it.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<int> free_seats = 1;

void sell() {
    if (free_seats > 0) {
        const int left_over = --free_seats;
        assert(left_over >= 0);
    }
}

int main() {
    std::thread clerk(sell);
    std::thread website(sell);
    clerk.join();
    website.join();
    std::cout << "free seats = " << free_seats << '\n';
}
