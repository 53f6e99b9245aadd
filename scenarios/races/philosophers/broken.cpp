// Philosophers sit around a table with one fork between any two of them, and each needs two forks to eat.
// Everybody takes the left fork first.
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

constexpr int kMost = 7;
std::mutex forks[kMost];
int meals_eaten[kMost];

void dine(int number, int philosophers, int meals) {
    const int left = number;
    const int right = (number + 1) % philosophers;
    for (int i = 0; i < meals; ++i) {
        forks[left].lock();
        forks[right].lock();
        ++meals_eaten[number];
        forks[right].unlock();
        forks[left].unlock();
    }
}

int main(int argc, char* argv[]) {
    const int philosophers = argc > 1 ? std::stoi(argv[1]) : 3;
    const int meals = argc > 2 ? std::stoi(argv[2]) : 100;

    std::vector<std::thread> guests;
    for (int i = 0; i < philosophers; ++i) {
        guests.emplace_back(dine, i, philosophers, meals);
    }
    for (std::thread& guest : guests) {
        guest.join();
    }

    int sum = 0;
    for (const int eaten : meals_eaten) {
        sum += eaten;
    }
    std::cout << "meals eaten = " << sum << '\n';
}
