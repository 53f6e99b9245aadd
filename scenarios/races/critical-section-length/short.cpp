// Threads compute tasks and add up the results. The lock covers only what is shared: the adding.
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

std::mutex total_mutex;
int done = 0;    // tasks
long total = 0;  // of their results

long compute(int steps) {
    long result = 1;
    for (int i = 0; i < steps; ++i) {
        result = (result * 31 + i) % 1009;
    }
    return result;
}

void work(int tasks, int steps) {
    for (int i = 0; i < tasks; ++i) {
        const long result = compute(steps);
        std::lock_guard<std::mutex> lock(total_mutex);
        total += result;
        ++done;
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 2;
    const int tasks = argc > 2 ? std::stoi(argv[2]) : 200;
    const int steps = argc > 3 ? std::stoi(argv[3]) : 20'000;

    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back(work, tasks, steps);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    std::cout << "done = " << done << " of " << threads * tasks << ", total = " << total << '\n';
}
