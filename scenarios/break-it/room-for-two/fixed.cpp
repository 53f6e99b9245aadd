// Three guests, and a room for two behind a gate. They wait at the gate and count themselves in under one lock.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex gate_mutex;
std::condition_variable gate_opened;
bool is_open = true;
int inside = 0;

void enter() {
    std::unique_lock<std::mutex> lock(gate_mutex);
    gate_opened.wait(lock, [] { return is_open; });
    ++inside;
    is_open = inside < 2;
    assert(inside <= 2);
}

void leave() {
    std::lock_guard<std::mutex> lock(gate_mutex);
    --inside;
    is_open = true;
    gate_opened.notify_one();
}

void visit() {
    enter();
    leave();
}

int main() {
    std::thread first(visit);
    std::thread second(visit);
    std::thread third(visit);
    first.join();
    second.join();
    third.join();
    std::cout << "inside = " << inside << '\n';
}
