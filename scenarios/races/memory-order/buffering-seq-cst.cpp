// Store buffering: each thread raises its own flag, then looks at the other's. At least one of them should see a raised flag.
// Sequentially consistent: all four accesses have one order, the same for everybody.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>

constexpr int kMostRounds = 1000;
std::atomic<int> first_flag[kMostRounds];
std::atomic<int> second_flag[kMostRounds];
int first_saw[kMostRounds];
int second_saw[kMostRounds];
std::atomic<int> arrived = 0;
int surprises = 0;

void meet(int round) {  // so that both run at the same time
    ++arrived;
    while (arrived < 2 * (round + 1)) {
        std::this_thread::yield();
    }
}

void first(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        meet(i);
        first_flag[i].store(1, std::memory_order_seq_cst);
        first_saw[i] = second_flag[i].load(std::memory_order_seq_cst);
    }
}

void second(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        meet(i);
        second_flag[i].store(1, std::memory_order_seq_cst);
        second_saw[i] = first_flag[i].load(std::memory_order_seq_cst);
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread one(first, rounds);
    std::thread two(second, rounds);
    one.join();
    two.join();

    for (int i = 0; i < rounds; ++i) {
        if (first_saw[i] == 0 && second_saw[i] == 0) {
            ++surprises;
        }
    }
    std::cout << "surprises = " << surprises << " in " << rounds << " rounds\n";
}
