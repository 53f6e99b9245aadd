// A producer and two consumers share a small buffer. Two semaphores count its free and its filled slots.
#include <cassert>
#include <iostream>
#include <mutex>
#include <semaphore.h>
#include <string>
#include <thread>

constexpr int kLargest = 8;
int capacity = 2;
int buffer[kLargest];
int filled = 0;  // slots in use
int first = 0;   // the slot to take from
int sum = 0;     // of the numbers taken
std::mutex buffer_mutex;
sem_t free_slots, filled_slots;

void put(int number) {
    sem_wait(&free_slots);
    {
        std::lock_guard<std::mutex> lock(buffer_mutex);
        assert(filled < capacity);
        buffer[(first + filled) % capacity] = number;
        ++filled;
    }
    sem_post(&filled_slots);
}

void take() {
    sem_wait(&filled_slots);
    {
        std::lock_guard<std::mutex> lock(buffer_mutex);
        assert(filled > 0);
        sum += buffer[first];
        first = (first + 1) % capacity;
        --filled;
    }
    sem_post(&free_slots);
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
    sem_init(&free_slots, 0, static_cast<unsigned>(capacity));
    sem_init(&filled_slots, 0, 0);

    std::thread producer(produce, 2 * items);
    std::thread consumer1(consume, items);
    std::thread consumer2(consume, items);
    producer.join();
    consumer1.join();
    consumer2.join();

    std::cout << "sum = " << sum << ", expected " << items * (2 * items + 1) << '\n';
}
