// A barber cuts hair while somebody sits in the waiting room, and sleeps while nobody does. Who finds no free chair goes away.
// Looking into the waiting room and falling asleep are one step for everybody else.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

std::mutex shop;
std::condition_variable bell;
int waiting = 0;
int served = 0;
int turned_away = 0;

void barber(int customers) {
    for (;;) {
        std::unique_lock<std::mutex> lock(shop);
        bell.wait(lock, [&] { return waiting > 0 || served + turned_away == customers; });
        if (waiting == 0) {
            return;
        }
        --waiting;
        ++served;
    }
}

void customer(int chairs) {
    std::lock_guard<std::mutex> lock(shop);
    if (waiting < chairs) {
        ++waiting;
    } else {
        ++turned_away;
    }
    bell.notify_one();
}

int main(int argc, char* argv[]) {
    const int customers = argc > 1 ? std::stoi(argv[1]) : 3;
    const int chairs = argc > 2 ? std::stoi(argv[2]) : 1;

    std::thread barber_thread(barber, customers);
    std::vector<std::thread> customer_threads;
    for (int i = 0; i < customers; ++i) {
        customer_threads.emplace_back(customer, chairs);
    }
    for (std::thread& thread : customer_threads) {
        thread.join();
    }
    barber_thread.join();

    std::cout << "served = " << served << ", turned away = " << turned_away << '\n';
}
