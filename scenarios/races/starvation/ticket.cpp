// A spinlock with numbers, as at a counter: who draws first is served first.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<int> next_ticket = 0;
std::atomic<int> now_serving = 0;
std::atomic<int> entries = 0;  // how often anybody got the lock
int longest_wait = 0;          // the most entries of others that one thread waited through

int lock() {  // returns how many others got in while this thread waited
    const int ticket = next_ticket.fetch_add(1);
    const int before = entries;
    while (now_serving != ticket) {
        std::this_thread::yield();
    }
    return entries - before;
}

void unlock() {
    ++now_serving;
}

void work(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        const int others = lock();
        ++entries;
        longest_wait = std::max(longest_wait, others);
        unlock();
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 3;
    const int rounds = argc > 2 ? std::stoi(argv[2]) : 20'000;

    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back(work, rounds);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    std::cout << "entries = " << entries << ", longest wait = " << longest_wait << " entries of others\n";
}
