// Two threads work in two phases. A latch opens when both have finished the first one, and then stays open.
#include <cassert>
#include <iostream>
#include <latch>
#include <thread>

std::latch phase_end{2};
int cell[2] = {0, 0};
int checked[2] = {0, 0};  // whether each thread found the other's cell ready

void work(int me) {
    cell[me] = 1;  // phase one: each computes its own cell
    phase_end.arrive_and_wait();
    assert(cell[1 - me] == 1);  // phase two: each reads the cell of the other
    ++checked[me];
}

int main() {
    std::thread first(work, 0);
    std::thread second(work, 1);
    first.join();
    second.join();

    std::cout << "checked " << checked[0] << " and " << checked[1] << " times, expected 1\n";
}
