// Two people meet in a corridor again and again. To pass, each needs both halves of its width, and begins with their own.
// When they block each other, it is settled who gives way: that one steps back and waits for the other to pass.
#include <functional>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

std::mutex left_half;
std::mutex right_half;
int passed = 0;

void walk(std::mutex& own, std::mutex& other, bool gives_way, int meetings) {
    for (int i = 0; i < meetings; ++i) {
        own.lock();
        if (!other.try_lock()) {
            if (gives_way) {
                own.unlock();  // after you
                other.lock();
                own.lock();
            } else {
                other.lock();  // the other one will step back
            }
        }
        ++passed;
        other.unlock();
        own.unlock();
    }
}

int main(int argc, char* argv[]) {
    const int meetings = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread first(walk, std::ref(left_half), std::ref(right_half), false, meetings);
    std::thread second(walk, std::ref(right_half), std::ref(left_half), true, meetings);
    first.join();
    second.join();

    std::cout << "passed = " << passed << ", expected " << 2 * meetings << '\n';
}
