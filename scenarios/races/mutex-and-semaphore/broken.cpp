// Cars share a parking lot. A car that finds no space drives on, but gives back a permit it never had.
#include <atomic>
#include <cassert>
#include <iostream>
#include <semaphore.h>
#include <string>
#include <thread>
#include <vector>

int capacity = 2;
sem_t spaces;
std::atomic<int> parked = 0;
std::atomic<int> served = 0;

void visit(int times) {
    for (int i = 0; i < times; ++i) {
        if (sem_trywait(&spaces) == 0) {
            const int now = ++parked;
            assert(now <= capacity);
            ++served;
            --parked;
        }
        sem_post(&spaces);  // also by a car that never got in
    }
}

int main(int argc, char* argv[]) {
    const int cars = argc > 1 ? std::stoi(argv[1]) : 3;
    const int times = argc > 2 ? std::stoi(argv[2]) : 1000;
    capacity = argc > 3 ? std::stoi(argv[3]) : 2;

    sem_init(&spaces, 0, static_cast<unsigned>(capacity));
    std::vector<std::thread> drivers;
    for (int i = 0; i < cars; ++i) {
        drivers.emplace_back(visit, times);
    }
    for (std::thread& driver : drivers) {
        driver.join();
    }

    std::cout << "served = " << served << " of " << cars * times << '\n';
    sem_destroy(&spaces);
}
