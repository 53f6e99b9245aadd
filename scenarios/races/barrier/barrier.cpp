// Two threads work in phases. At a barrier each waits until the other has come as far.
#include <barrier>
#include <cassert>
#include <iostream>
#include <string>
#include <thread>

std::barrier phase_end{2};
int cell[2] = {0, 0};
int checked[2] = {0, 0};  // rounds in which each thread found the other's cell ready

void work(int me, int rounds) {
    for (int round = 1; round <= rounds; ++round) {
        cell[me] = round;  // phase one: each computes its own cell
        phase_end.arrive_and_wait();
        assert(cell[1 - me] == round);  // phase two: each reads the cell of the other
        ++checked[me];
        phase_end.arrive_and_wait();
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
