// Alice pays Bob while Bob pays Alice. Both locks are taken by one statement, in either order.
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

struct Account {
    std::mutex mutex;
    int balance = 100;
};
Account alice;
Account bob;

void pay_bob(int payments) {
    for (int i = 0; i < payments; ++i) {
        std::scoped_lock hold_both(alice.mutex, bob.mutex);
        --alice.balance;
        ++bob.balance;
    }
}

void pay_alice(int payments) {
    for (int i = 0; i < payments; ++i) {
        std::scoped_lock hold_both(bob.mutex, alice.mutex);
        --bob.balance;
        ++alice.balance;
    }
}

int main(int argc, char* argv[]) {
    const int payments = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread first(pay_bob, payments);
    std::thread second(pay_alice, payments);
    first.join();
    second.join();

    std::cout << "balances " << alice.balance << " and " << bob.balance << ", sum = " << alice.balance + bob.balance << '\n';
}
