// Two hydrogen atoms and one oxygen atom, each a thread, make water again and again: every atom once in each molecule.
// Both hydrogen atoms wait for the same signal, and the quick one may take both.
#include <functional>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>

std::counting_semaphore<> hydrogen_is_here{0};
std::counting_semaphore<> may_bond{0};
int first_bonds = 0;
int second_bonds = 0;
int oxygen_bonds = 0;

void hydrogen(int& bonds, int molecules) {
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
        may_bond.release(2);
        ++oxygen_bonds;
    }
}

int main(int argc, char* argv[]) {
    const int molecules = argc > 1 ? std::stoi(argv[1]) : 100;

    std::thread first(hydrogen, std::ref(first_bonds), molecules);
    std::thread second(hydrogen, std::ref(second_bonds), molecules);
    std::thread third(oxygen, molecules);
    first.join();
    second.join();
    third.join();

    std::cout << "bonds: " << first_bonds << " + " << second_bonds << " hydrogen, " << oxygen_bonds << " oxygen\n";
}
