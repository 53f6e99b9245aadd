// In each of two rounds two threads write a cell of their own and read the neighbour's.
// They meet at a barrier before they read.
#include <atomic>
#include <cassert>
#include <iostream>
#include <pthread.h>
#include <thread>

pthread_barrier_t barrier;
std::atomic<int> cells[2];

void compute(int me) {
    for (int round = 1; round <= 2; ++round) {
        cells[me] = round;
        pthread_barrier_wait(&barrier);
        const int neighbour = cells[1 - me];
        assert(neighbour == round);
    }
}

int main() {
    pthread_barrier_init(&barrier, nullptr, 2);
    std::thread left(compute, 0);
    std::thread right(compute, 1);
    left.join();
    right.join();
    pthread_barrier_destroy(&barrier);
    std::cout << "cells: " << cells[0] << " and " << cells[1] << '\n';
}
