// Threads that only compute share one core: each takes the next block of work until none is left.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<int> next_block = 0;

int count_primes(int from, int to) {
    int primes = 0;
    for (int number = from; number < to; ++number) {
        bool prime = true;
        for (int divisor = 2; divisor * divisor <= number && prime; ++divisor) {
            prime = number % divisor != 0;
        }
        primes += prime ? 1 : 0;
    }
    return primes;
}

void work(int blocks, int& done) {
    while (next_block++ < blocks) {
        count_primes(100'000, 105'000);
        done++;
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 3;
    const int blocks = argc > 2 ? std::stoi(argv[2]) : 1500;

    std::vector<int> done(threads, 0);
    std::vector<std::thread> workers;
    for (int& mine : done) {
        workers.emplace_back(work, blocks, std::ref(mine));
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    for (int i = 0; i < threads; ++i) {
        std::cout << "thread " << i + 1 << ": " << done[i] << " blocks of " << blocks << '\n';
    }
}
