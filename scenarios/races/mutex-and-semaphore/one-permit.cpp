// Cars share a single parking space. A semaphore with one permit keeps them apart, as a mutex would.
#include <cassert>
#include <iostream>
#include <semaphore.h>
#include <string>
#include <thread>
#include <vector>

sem_t space;
int parked = 0;
int served = 0;

void visit(int times) {
    for (int i = 0; i < times; ++i) {
        sem_wait(&space);
        ++parked;
        assert(parked == 1);
        ++served;
        --parked;
        sem_post(&space);
    }
}

int main(int argc, char* argv[]) {
    const int cars = argc > 1 ? std::stoi(argv[1]) : 3;
    const int times = argc > 2 ? std::stoi(argv[2]) : 1000;

    sem_init(&space, 0, 1);
    std::vector<std::thread> drivers;
    for (int i = 0; i < cars; ++i) {
        drivers.emplace_back(visit, times);
    }
    for (std::thread& driver : drivers) {
        driver.join();
    }

    std::cout << "served = " << served << " of " << cars * times << '\n';
    sem_destroy(&space);
}
