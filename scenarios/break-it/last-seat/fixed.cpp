// Two clerks sell the seats of one bus: a seat is taken only if the number is still the one that was looked at.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<int> free_seats = 1;

void sell() {
    int seen = free_seats;
    while (seen > 0) {
        if (free_seats.compare_exchange_strong(seen, seen - 1)) {
            assert(seen - 1 >= 0);
            return;
        }
    }
}

int main() {
    std::thread clerk(sell);
    std::thread website(sell);
    clerk.join();
    website.join();
    std::cout << "free seats = " << free_seats << '\n';
}
