// Message passing: one thread writes a letter, then raises a flag. Who sees the flag should see the letter as well.
// Release and acquire: who sees the flag sees all that was written before it.
#include <atomic>
#include <iostream>
#include <string>
#include <thread>

constexpr int kMostRounds = 1000;
std::atomic<int> letter[kMostRounds];
std::atomic<int> flag[kMostRounds];
int saw_flag[kMostRounds];
int saw_letter[kMostRounds];
std::atomic<int> arrived = 0;
int surprises = 0;

void meet(int round) {  // so that both run at the same time
    ++arrived;
    while (arrived < 2 * (round + 1)) {
        std::this_thread::yield();
    }
}

void send(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        meet(i);
        letter[i].store(1, std::memory_order_relaxed);
        flag[i].store(1, std::memory_order_release);
    }
}

void receive(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        meet(i);
        saw_flag[i] = flag[i].load(std::memory_order_acquire);
        saw_letter[i] = letter[i].load(std::memory_order_relaxed);
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread sender(send, rounds);
    std::thread receiver(receive, rounds);
    sender.join();
    receiver.join();

    for (int i = 0; i < rounds; ++i) {
        if (saw_flag[i] == 1 && saw_letter[i] == 0) {
            ++surprises;
        }
    }
    std::cout << "surprises = " << surprises << " in " << rounds << " rounds\n";
}
