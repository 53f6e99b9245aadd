// Two threads work in phases. The barrier between them is made by hand, and tells one use from the next.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

std::mutex barrier_mutex;
std::condition_variable all_here;
int arrived = 0;
int generation = 0;  // how often the barrier has opened
int cell[2] = {0, 0};
int checked[2] = {0, 0};  // rounds in which each thread found the other's cell ready

void arrive_and_wait() {
    std::unique_lock<std::mutex> lock(barrier_mutex);
    const int mine = generation;
    if (++arrived == 2) {
        arrived = 0;
        ++generation;
        all_here.notify_all();
    } else {
        while (generation == mine) {
            all_here.wait(lock);
        }
    }
}

void work(int me, int rounds) {
    for (int round = 1; round <= rounds; ++round) {
        cell[me] = round;  // phase one: each computes its own cell
        arrive_and_wait();
        assert(cell[1 - me] == round);  // phase two: each reads the cell of the other
        ++checked[me];
        arrive_and_wait();
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread first(work, 0, rounds);
    std::thread second(work, 1, rounds);
    first.join();
    second.join();

    std::cout << "checked " << checked[0] << " and " << checked[1] << " times, expected " << rounds << '\n';
}
