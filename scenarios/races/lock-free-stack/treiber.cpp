// Treiber's stack: two threads push and pop without a lock. Every node is used only once.
#include <atomic>
#include <cassert>
#include <functional>
#include <iostream>
#include <thread>

// Nodes have numbers; 0 means none.
std::atomic<int> top = 0;
std::atomic<int> next_of[3];
int first_popped = 0;
int second_popped = 0;

void push(int node) {
    int old_top = top;
    do {
        next_of[node] = old_top;
    } while (!top.compare_exchange_weak(old_top, node));
}

int pop() {
    int old_top = top;
    while (old_top != 0 && !top.compare_exchange_weak(old_top, next_of[old_top])) {
    }
    return old_top;
}

void use(int node, int& popped) {
    push(node);
    popped = pop();
}

int main() {
    std::thread first(use, 1, std::ref(first_popped));
    std::thread second(use, 2, std::ref(second_popped));
    first.join();
    second.join();

    assert(first_popped + second_popped == 3);
    std::cout << "popped " << first_popped << " and " << second_popped << ", top = " << top << '\n';
}
