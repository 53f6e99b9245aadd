// A producer hands one item to a consumer through a box. It announces it, then puts it down.
#include <cassert>
#include <iostream>
#include <semaphore>
#include <thread>

std::binary_semaphore full(0);
int box = 0;

void produce() {
    full.release();
    box = 7;
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
