// One producer brings two items for two consumers. Whoever is woken takes an item.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex store_mutex;
std::condition_variable item_added;
int items = 0;

void produce() {
    for (int i = 0; i < 2; ++i) {
        std::lock_guard<std::mutex> lock(store_mutex);
        ++items;
        item_added.notify_one();
    }
}

void consume() {
    std::unique_lock<std::mutex> lock(store_mutex);
    if (items == 0) {
        item_added.wait(lock);
    }
    --items;
    assert(items >= 0);
}

int main() {
    std::thread producer(produce);
    std::thread early(consume);
    std::thread late(consume);
    producer.join();
    early.join();
    late.join();
    std::cout << "items = " << items << '\n';
}
