// A cook calls the dining room for the rice and again for the soup. The guest is woken and eats.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex kitchen_mutex;
std::condition_variable called;
bool rice_is_ready = false;
bool soup_is_ready = false;

void cook(bool& dish_is_ready) {
    std::lock_guard<std::mutex> lock(kitchen_mutex);
    dish_is_ready = true;
    called.notify_all();
}

void cook_both() {
    cook(rice_is_ready);
    cook(soup_is_ready);
}

void eat_soup() {
    std::unique_lock<std::mutex> lock(kitchen_mutex);
    if (!soup_is_ready) {
        called.wait(lock);
    }
    assert(soup_is_ready);
}

int main() {
    std::thread kitchen(cook_both);
    std::thread guest(eat_soup);
    kitchen.join();
    guest.join();
    std::cout << "soup eaten\n";
}
