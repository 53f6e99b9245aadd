// Two workers fill a result each; main waits until none of them is running any more.
// A worker counts itself in when it begins.
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex running_mutex;
std::condition_variable all_done;
int running = 0;
std::atomic<int> results = 0;

void work() {
    {
        std::lock_guard<std::mutex> lock(running_mutex);
        ++running;
    }
    ++results;
    std::lock_guard<std::mutex> lock(running_mutex);
    if (--running == 0) {
        all_done.notify_one();
    }
}

int main() {
    std::thread first(work);
    std::thread second(work);
    {
        std::unique_lock<std::mutex> lock(running_mutex);
        all_done.wait(lock, [] { return running == 0; });
    }
    assert(results == 2);
    first.join();
    second.join();
    std::cout << "results = " << results << '\n';
}
