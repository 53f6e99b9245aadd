// A car takes its passengers on board, drives, lets them off and comes again.
// It opens for the next ones as soon as it has stopped.
#include <atomic>
#include <cassert>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

constexpr int kRides = 2;
std::counting_semaphore<> may_board{0};
std::counting_semaphore<> boarded{0};
std::counting_semaphore<> may_leave{0};
std::atomic<int> on_board = 0;
int rides = 0;

void drive(int seats) {
    for (int i = 0; i < kRides; ++i) {
        may_board.release(seats);
        for (int seat = 0; seat < seats; ++seat) {
            boarded.acquire();
        }
        ++rides;
        may_leave.release(seats);
    }
}

void take_a_ride(int seats) {
    may_board.acquire();
    const int passengers = ++on_board;
    assert(passengers <= seats);
    boarded.release();

    may_leave.acquire();
    --on_board;
}

int main(int argc, char* argv[]) {
    const int seats = argc > 1 ? std::stoi(argv[1]) : 2;

    std::thread car(drive, seats);
    std::vector<std::thread> passengers;
    for (int i = 0; i < kRides * seats; ++i) {
        passengers.emplace_back(take_a_ride, seats);
    }
    car.join();
    for (std::thread& passenger : passengers) {
        passenger.join();
    }

    std::cout << "rides = " << rides << ", on board = " << on_board << '\n';
}
