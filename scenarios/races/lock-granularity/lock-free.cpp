// Threads count words in one hash table without a lock: a free slot is claimed by compare-and-swap.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

constexpr int kWords = 4;  // the words are just numbers here: 1, 2, 3, 4

struct Entry {
    std::atomic<int> word = 0;  // 0: free
    std::atomic<int> count = 0;
};
Entry table[kWords];
int entries = 0, total = 0;

void add(int word) {
    int slot = word / 2;  // two words may want the same slot: the later one moves on to the next
    int found = 0;
    while (!table[slot % kWords].word.compare_exchange_strong(found, word) && found != word) {
        found = 0;
        ++slot;
    }
    table[slot % kWords].count++;
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
