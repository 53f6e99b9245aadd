// Two threads share a counter. Peterson's algorithm keeps them apart with nothing but loads and stores.
#include <atomic>
#include <cassert>
#include <iostream>
#include <string>
#include <thread>

std::atomic<bool> wants[2] = {false, false};
std::atomic<int> turn = 0;
std::atomic<int> inside = 0;  // threads in the critical section
int counter = 0;

void lock(int me) {
    const int other = 1 - me;
    wants[me] = true;
    turn = other;  // after you
    while (wants[other] && turn == other) {
    }
}

void unlock(int me) {
    wants[me] = false;
}

void work(int me, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        lock(me);
        const int now = ++inside;
        assert(now == 1);  // nobody else is in the critical section
        counter++;
        --inside;
        unlock(me);
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 100;

    std::thread first(work, 0, rounds);
    std::thread second(work, 1, rounds);
    first.join();
    second.join();

    std::cout << "counter = " << counter << ", expected " << 2 * rounds << '\n';
}
