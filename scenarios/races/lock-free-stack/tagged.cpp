// A free list on Treiber's stack. A tag beside the top counts the changes, so that a block that came back is noticed.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

// Blocks have numbers; 0 means none. At first the list is 1, 2, 3.
struct alignas(8) Top {
    int block;
    int tag;
};
std::atomic<Top> top = Top{1, 0};  // one word of 64 bits, changed in one step
std::atomic<int> next_of[4] = {0, 2, 3, 0};
std::atomic<bool> in_use[4];

int take() {
    Top old_top = top;
    while (!top.compare_exchange_weak(old_top, Top{next_of[old_top.block], old_top.tag + 1})) {
    }
    const bool was_in_use = in_use[old_top.block].exchange(true);
    assert(!was_in_use);
    return old_top.block;
}

void give_back(int block) {
    in_use[block] = false;
    Top old_top = top;
    do {
        next_of[block] = old_top.block;
    } while (!top.compare_exchange_weak(old_top, Top{block, old_top.tag + 1}));
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
