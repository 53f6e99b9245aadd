// Two threads read two numbers that belong together while a third one writes them. Nobody locks.
#include <iostream>
#include <string>
#include <thread>

int low = 0;  // the same number as high, always
int high = 0;
int torn[2] = {0, 0};  // how often each reader found two different numbers

void read_numbers(int me, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        const int seen = low;
        if (seen != high) {
            torn[me]++;
        }
    }
}

void write_numbers(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        low++;
        high++;
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 10'000;

    std::thread reader1(read_numbers, 0, rounds);
    std::thread reader2(read_numbers, 1, rounds);
    std::thread writer(write_numbers, rounds);
    reader1.join();
    reader2.join();
    writer.join();

    std::cout << "torn = " << torn[0] + torn[1] << '\n';
}
