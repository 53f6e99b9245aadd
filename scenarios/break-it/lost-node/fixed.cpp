// Two threads push a node each onto a lock-free list with compare-and-swap. It tries until it has succeeded.
#include <atomic>
#include <iostream>
#include <thread>

struct Node {
    int value;
    Node* next;
};

Node nodes[2] = {{1, nullptr}, {2, nullptr}};
std::atomic<Node*> head = nullptr;
int length = 0;

void push(Node* node) {
    node->next = head;
    while (!head.compare_exchange_strong(node->next, node)) {
    }
}

int main() {
    std::thread first(push, &nodes[0]);
    std::thread second(push, &nodes[1]);
    first.join();
    second.join();
    for (const Node* node = head; node != nullptr; node = node->next) {
        ++length;
    }
    std::cout << "length = " << length << ", expected 2\n";
}
