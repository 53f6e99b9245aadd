// Two threads put numbers into one std::queue; a mutex lets one of them in at a time.
#include <iostream>
#include <mutex>
#include <queue>
#include <string>
#include <thread>

std::queue<int> numbers;
std::mutex numbers_mutex;
int delivered = 0;

void produce(int items) {
    for (int i = 0; i < items; ++i) {
        std::lock_guard<std::mutex> lock(numbers_mutex);
        numbers.push(i);
    }
}

int main(int argc, char* argv[]) {
    const int items = argc > 1 ? std::stoi(argv[1]) : 10'000;

    std::thread first(produce, items);
    std::thread second(produce, items);
    first.join();
    second.join();

    delivered = static_cast<int>(numbers.size());
    std::cout << "the queue holds " << delivered << ", expected " << 2 * items << '\n';
}
