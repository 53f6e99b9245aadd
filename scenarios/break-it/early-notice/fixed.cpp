// A producer hands one item to a consumer through a box. It puts it down, then announces it.
#include <cassert>
#include <iostream>
#include <semaphore>
#include <thread>

std::binary_semaphore full(0);
int box = 0;

void produce() {
    box = 7;
    full.release();
}

void consume() {
    full.acquire();
    assert(box == 7);
}

int main() {
    std::thread producer(produce);
    std::thread consumer(consume);
    producer.join();
    consumer.join();
    std::cout << "box = " << box << '\n';
}
