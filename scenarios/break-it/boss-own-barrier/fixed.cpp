// Two threads carry a table up two steps and wait for each other on each at a barrier of their own.
// The last one to arrive begins a new round.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<int> arrived = 0;
std::atomic<int> current_round = 0;
std::atomic<int> step[2];

void wait_for_the_other() {
    const int my_round = current_round;
    if (++arrived == 2) {
        arrived = 0;
        ++current_round;
    }
    while (current_round == my_round) {
    }
}

void carry(int me) {
    for (int i = 1; i <= 2; ++i) {
        step[me] = i;
        wait_for_the_other();
        assert(step[1 - me] >= i);
    }
}

int main() {
    std::thread front(carry, 0);
    std::thread back(carry, 1);
    front.join();
    back.join();
    std::cout << "steps: " << step[0] << " and " << step[1] << '\n';
}
