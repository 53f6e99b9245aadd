// A producer and two consumers share a small buffer. Whoever was woken does not look again.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

constexpr int kLargest = 8;
int capacity = 2;
int buffer[kLargest];
int filled = 0;  // slots in use
int first = 0;   // the slot to take from
int sum = 0;     // of the numbers taken
std::mutex buffer_mutex;
std::condition_variable not_full, not_empty;

void put(int number) {
    std::unique_lock<std::mutex> lock(buffer_mutex);
    if (filled == capacity) {
        not_full.wait(lock);
    }
    assert(filled < capacity);
    buffer[(first + filled) % capacity] = number;
    ++filled;
    not_empty.notify_one();
}

void take() {
    std::unique_lock<std::mutex> lock(buffer_mutex);
    if (filled == 0) {
        not_empty.wait(lock);
    }
    assert(filled > 0);
    sum += buffer[first];
    first = (first + 1) % capacity;
    --filled;
    not_full.notify_one();
}

void produce(int count) {
    for (int number = 1; number <= count; ++number) {
        put(number);
    }
}

void consume(int count) {
    for (int i = 0; i < count; ++i) {
        take();
    }
}

int main(int argc, char* argv[]) {
    const int items = argc > 1 ? std::stoi(argv[1]) : 500;
    capacity = argc > 2 ? std::stoi(argv[2]) : 2;

    std::thread producer(produce, 2 * items);
    std::thread consumer1(consume, items);
    std::thread consumer2(consume, items);
    producer.join();
    consumer1.join();
    consumer2.join();

    std::cout << "sum = " << sum << ", expected " << items * (2 * items + 1) << '\n';
}
