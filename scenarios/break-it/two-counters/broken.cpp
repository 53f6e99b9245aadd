// Two counters at the door of a museum. The guard reads who came, then who left.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<int> came = 0;
std::atomic<int> gone = 0;

void visit() {
    ++came;
    ++gone;
}

void count_visitors() {
    const int have_come = came;
    const int have_left = gone;
    assert(have_come - have_left >= 0);
}

int main() {
    std::thread visitor(visit);
    std::thread guard(count_visitors);
    visitor.join();
    guard.join();
    std::cout << "inside now: " << came - gone << '\n';
}
