// Threads count words in one hash table. Each half of it has a lock of its own.
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

constexpr int kWords = 4;  // the words are just numbers here: 1, 2, 3, 4

struct Entry {
    int word = 0;  // 0: free
    int count = 0;
};
Entry table[kWords];
std::mutex stripes[2];
int entries = 0, total = 0;

void add(int word) {
    const int slot = word % kWords;
    std::lock_guard<std::mutex> lock(stripes[slot % 2]);
    Entry& entry = table[slot];
    entry.word = word;
    entry.count++;
}

void work(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        for (int word = 1; word <= kWords; ++word) {
            add(word);
        }
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 2;
    const int rounds = argc > 2 ? std::stoi(argv[2]) : 5'000;

    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back(work, rounds);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    for (const auto& entry : table) {
        entries += entry.word != 0;
        total += entry.count;
    }
    std::cout << entries << " words, counted " << total << " times, expected " << threads * rounds * kWords << '\n';
}
