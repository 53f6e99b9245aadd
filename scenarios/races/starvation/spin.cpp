// A spinlock that anybody may grab once it is free. Nobody remembers who came first.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<bool> locked = false;
std::atomic<int> entries = 0;  // how often anybody got the lock
int longest_wait = 0;          // the most entries of others that one thread waited through

int lock() {  // returns how many others got in while this thread waited
    if (!locked.exchange(true)) {
        return 0;
    }
    const int before = entries;
    do {
        while (locked) {
            std::this_thread::yield();
        }
    } while (locked.exchange(true));
    return entries - before;
}

void unlock() {
    locked = false;
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
