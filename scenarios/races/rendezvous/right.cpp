// Two threads meet: neither goes on to its second part before the other has done its first.
// Each says that it is here, then waits.
#include <atomic>
#include <cassert>
#include <iostream>
#include <semaphore>
#include <thread>

std::binary_semaphore alice_is_here{0};
std::binary_semaphore bob_is_here{0};
std::atomic<bool> alice_did_first_part = false;
std::atomic<bool> bob_did_first_part = false;

void alice() {
    alice_did_first_part = true;
    alice_is_here.release();
    bob_is_here.acquire();
    assert(bob_did_first_part);
}

void bob() {
    bob_did_first_part = true;
    bob_is_here.release();
    alice_is_here.acquire();
    assert(alice_did_first_part);
}

int main() {
    std::thread first(alice);
    std::thread second(bob);
    first.join();
    second.join();

    std::cout << "they met\n";
}
