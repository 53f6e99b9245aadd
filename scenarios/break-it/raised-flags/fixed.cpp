// Two threads guard a room with one flag that they test and set in a single step.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<bool> occupied = false;
std::atomic<int> inside = 0;

void critical_section() {
    const int now_inside = ++inside;
    assert(now_inside == 1);
    --inside;
}

void visit() {
    while (occupied.exchange(true)) {
    }
    critical_section();
    occupied = false;
}

int main() {
    std::thread left(visit);
    std::thread right(visit);
    left.join();
    right.join();
    std::cout << "both have visited the room\n";
}
