// Two people meet in a corridor again and again. To pass, each needs both halves of its width, and begins with their own.
// Who finds the other half taken steps back and begins anew.
#include <functional>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

std::mutex left_half;
std::mutex right_half;
int passed = 0;

void walk(std::mutex& own, std::mutex& other, int meetings) {
    for (int i = 0; i < meetings; ++i) {
        own.lock();
        while (!other.try_lock()) {
            own.unlock();  // after you
            own.lock();
        }
        ++passed;
        other.unlock();
        own.unlock();
    }
}

int main(int argc, char* argv[]) {
    const int meetings = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread first(walk, std::ref(left_half), std::ref(right_half), meetings);
    std::thread second(walk, std::ref(right_half), std::ref(left_half), meetings);
    first.join();
    second.join();

    std::cout << "passed = " << passed << ", expected " << 2 * meetings << '\n';
}
