// A semaphore counts the items in a store, and a mutex guards the store. Both lock the store first.
#include <iostream>
#include <mutex>
#include <semaphore>
#include <thread>

std::counting_semaphore<2> full(0);
std::mutex store_mutex;
int store = 0;
int eaten = 0;

void produce() {
    std::lock_guard<std::mutex> lock(store_mutex);
    store++;
    full.release();
}

void consume() {
    std::lock_guard<std::mutex> lock(store_mutex);
    full.acquire();
    store--;
    eaten++;
}

int main() {
    std::thread producer(produce);
    std::thread consumer(consume);
    producer.join();
    consumer.join();
    std::cout << "store = " << store << ", eaten = " << eaten << '\n';
}
