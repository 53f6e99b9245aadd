// A ring between one producer and one consumer. The index is published before the value is in its slot.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>

constexpr unsigned kSlots = 2;
int slots[kSlots];
std::atomic<unsigned> head = 0;  // how many were taken out; only the consumer writes it
std::atomic<unsigned> tail = 0;  // how many were put in; only the producer writes it
int sum = 0;

void produce(int items) {
    for (int item = 1; item <= items; ++item) {
        const unsigned end = tail.load(std::memory_order_relaxed);
        while (end - head.load(std::memory_order_acquire) == kSlots) {  // full
            std::this_thread::yield();
        }
        tail.store(end + 1, std::memory_order_release);
        slots[end % kSlots] = item;
    }
}

void consume(int items) {
    for (int i = 0; i < items; ++i) {
        const unsigned begin = head.load(std::memory_order_relaxed);
        while (tail.load(std::memory_order_acquire) == begin) {  // empty
            std::this_thread::yield();
        }
        sum += slots[begin % kSlots];
        head.store(begin + 1, std::memory_order_release);
    }
}

int main(int argc, char* argv[]) {
    const int items = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread producer(produce, items);
    std::thread consumer(consume, items);
    producer.join();
    consumer.join();

    std::cout << "sum = " << sum << ", expected " << items * (items + 1) / 2 << '\n';
}
