// All threads must reach the end of a round before any of them begins the next. Who waits goes on when the count is back at 0.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

std::mutex mutex;
std::condition_variable all_here;
int arrived = 0;

void wait_for_all(int threads) {
    std::unique_lock<std::mutex> lock(mutex);
    if (++arrived == threads) {
        arrived = 0;
        all_here.notify_all();
    } else {
        all_here.wait(lock, [] { return arrived == 0; });
    }
}

void work(int threads, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        wait_for_all(threads);
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 3;
    const int rounds = argc > 2 ? std::stoi(argv[2]) : 100;

    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back(work, threads, rounds);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    std::cout << "all threads did " << rounds << " rounds\n";
}
