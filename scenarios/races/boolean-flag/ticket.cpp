// Two threads share a counter. Each draws a ticket and waits until its number is called.
#include <atomic>
#include <cassert>
#include <iostream>
#include <string>
#include <thread>

std::atomic<int> next_ticket = 0;
std::atomic<int> now_serving = 0;
std::atomic<int> inside = 0;  // threads in the critical section
int counter = 0;

void lock() {
    const int mine = next_ticket++;
    while (now_serving != mine) {
        std::this_thread::yield();  // it is the turn of another thread
    }
}

void unlock() {
    now_serving++;
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
