// Two threads put numbers into one std::queue, and nothing protects it.
#include <iostream>
#include <queue>
#include <string>
#include <thread>

std::queue<int> numbers;
int delivered = 0;

void produce(int items) {
    for (int i = 0; i < items; ++i) {
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
