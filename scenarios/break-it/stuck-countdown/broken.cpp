// The last of two workers wakes the boss.
// To find out who is last, they read the number, lower it, write it back.
#include <atomic>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::atomic<int> remaining = 2;
std::mutex finished_mutex;
std::condition_variable finished_changed;
bool finished = false;

void work() {
    const int left_over = remaining - 1;
    remaining = left_over;
    if (left_over == 0) {
        std::lock_guard<std::mutex> lock(finished_mutex);
        finished = true;
        finished_changed.notify_one();
    }
}

int main() {
    std::thread first(work);
    std::thread second(work);
    {
        std::unique_lock<std::mutex> lock(finished_mutex);
        finished_changed.wait(lock, [] { return finished; });
    }
    first.join();
    second.join();
    std::cout << "remaining = " << remaining << '\n';
}
