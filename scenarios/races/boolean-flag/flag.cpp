// Two threads share a counter. A flag is to keep them apart: it says whether somebody is inside.
#include <atomic>
#include <cassert>
#include <iostream>
#include <string>
#include <thread>

std::atomic<bool> taken = false;
std::atomic<int> inside = 0;  // threads in the critical section
int counter = 0;

void lock() {
    while (taken) {
    }
    taken = true;
}

void unlock() {
    taken = false;
}

void work(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        lock();
        const int now = ++inside;
        assert(now == 1);  // nobody else is in the critical section
        counter++;
        --inside;
        unlock();
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 100;

    std::thread first(work, rounds);
    std::thread second(work, rounds);
    first.join();
    second.join();

    std::cout << "counter = " << counter << ", expected " << 2 * rounds << '\n';
}
