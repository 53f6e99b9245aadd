// Two hydrogen atoms and one oxygen atom, each a thread, make water again and again: every atom once in each molecule.
// Each hydrogen atom has a signal of its own.
#include <functional>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>

std::counting_semaphore<> hydrogen_is_here{0};
std::binary_semaphore first_may_bond{0};
std::binary_semaphore second_may_bond{0};
int first_bonds = 0;
int second_bonds = 0;
int oxygen_bonds = 0;

void hydrogen(std::binary_semaphore& may_bond, int& bonds, int molecules) {
    for (int i = 0; i < molecules; ++i) {
        hydrogen_is_here.release();
        may_bond.acquire();
        ++bonds;
    }
}

void oxygen(int molecules) {
    for (int i = 0; i < molecules; ++i) {
        hydrogen_is_here.acquire();
        hydrogen_is_here.acquire();
        first_may_bond.release();
        second_may_bond.release();
        ++oxygen_bonds;
    }
}

int main(int argc, char* argv[]) {
    const int molecules = argc > 1 ? std::stoi(argv[1]) : 100;

    std::thread first(hydrogen, std::ref(first_may_bond), std::ref(first_bonds), molecules);
    std::thread second(hydrogen, std::ref(second_may_bond), std::ref(second_bonds), molecules);
    std::thread third(oxygen, molecules);
    first.join();
    second.join();
    third.join();

    std::cout << "bonds: " << first_bonds << " + " << second_bonds << " hydrogen, " << oxygen_bonds << " oxygen\n";
}
