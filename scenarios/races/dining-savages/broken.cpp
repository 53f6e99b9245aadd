// Two guests eat from one pot. Who finds it empty wakes the cook and waits until it is full again.
// Looking into the pot and taking from it are two steps.
#include <atomic>
#include <cassert>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>

constexpr int kGuests = 2;
std::atomic<int> servings = 0;
std::binary_semaphore pot_is_empty{0};
std::binary_semaphore pot_is_full{0};

void guest(int meals) {
    for (int i = 0; i < meals; ++i) {
        if (servings == 0) {
            pot_is_empty.release();
            pot_is_full.acquire();
        }
        const int left = --servings;
        assert(left >= 0);
    }
}

void cook(int pot_size) {
    for (int i = 0; i < kGuests; ++i) {  // each guest eats as much as a pot holds
        pot_is_empty.acquire();
        assert(servings == 0);
        servings = pot_size;
        pot_is_full.release();
    }
}

int main(int argc, char* argv[]) {
    const int pot_size = argc > 1 ? std::stoi(argv[1]) : 5;

    std::thread first(guest, pot_size);
    std::thread second(guest, pot_size);
    std::thread third(cook, pot_size);
    first.join();
    second.join();
    third.join();

    std::cout << "servings left = " << servings << '\n';
}
