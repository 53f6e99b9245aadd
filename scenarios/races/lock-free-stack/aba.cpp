// A free list: blocks of a fixed pool are taken and given back on Treiber's stack, and so come back to its top.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

// Blocks have numbers; 0 means none. At first the list is 1, 2, 3.
std::atomic<int> top = 1;
std::atomic<int> next_of[4] = {0, 2, 3, 0};
std::atomic<bool> in_use[4];

int take() {
    int block = top;
    while (!top.compare_exchange_weak(block, next_of[block])) {
    }
    const bool was_in_use = in_use[block].exchange(true);
    assert(!was_in_use);
    return block;
}

void give_back(int block) {
    in_use[block] = false;
    int old_top = top;
    do {
        next_of[block] = old_top;
    } while (!top.compare_exchange_weak(old_top, block));
}

void take_one() {
    take();
}

void take_and_swap() {
    const int one = take();
    take();
    give_back(one);
    take();
}

int main() {
    std::thread first(take_one);
    std::thread second(take_and_swap);
    first.join();
    second.join();

    std::cout << "blocks in use: " << in_use[1] + in_use[2] + in_use[3] << " of 3\n";
}
