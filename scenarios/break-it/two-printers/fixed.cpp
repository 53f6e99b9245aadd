// Two clerks share two printers, and each clerk needs both. A mutex lets one clerk at a time take its two.
#include <atomic>
#include <iostream>
#include <mutex>
#include <semaphore>
#include <thread>

std::counting_semaphore<2> free_printers(2);
std::mutex taking;
std::atomic<int> printed = 0;

void print_report() {
    {
        std::lock_guard<std::mutex> lock(taking);
        free_printers.acquire();
        free_printers.acquire();
    }
    ++printed;
    free_printers.release();
    free_printers.release();
}

int main() {
    std::thread first(print_report);
    std::thread second(print_report);
    first.join();
    second.join();
    std::cout << "printed = " << printed << '\n';
}
