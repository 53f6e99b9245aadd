// One thread opens a door, another walks through it. Nothing says who comes first.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<bool> door_is_open = false;

void open_door() {
    door_is_open = true;
}

void walk_through() {
    assert(door_is_open);
}

int main() {
    std::thread porter(open_door);
    std::thread guest(walk_through);
    porter.join();
    guest.join();
    std::cout << "the guest is in\n";
}
